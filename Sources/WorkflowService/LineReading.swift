import JSONLines
import WorkflowProtocol

/// What one line of a message asks for, before it is executed.
enum LineReading {
    /// No command at all, or one of a wrong shape, and so answered already.
    case refused(Reply)
    /// To be executed, unless its arguments were refused.
    case command(Request, Result<any Command, CommandError>)

    /// Reads one line.
    init(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count <= ProtocolLimits.lineBytes else {
            self = .refused(Reply(id: nil, .failure(.lineTooLong)))
            return
        }
        let json: JSON
        do {
            json = try LineReading.json(bytes)
        } catch {
            let refusal = CommandError(
                .invalidJSON, "At byte \(error.offset + 1): \(error.reason).")
            self = .refused(Reply(id: nil, .failure(refusal)))
            return
        }
        do throws(CommandError) {
            try LineReading.checkShape(json)
            let request = try Request(json)
            self = .command(
                request,
                Result { () throws(CommandError) in try CommandTable.command(request) })
        } catch {
            self = .refused(
                Reply(id: Request.id(of: json), .failure(error), op: json["op"]?.string))
        }
    }

    /// Refuses what is no command by its shape.
    private static func checkShape(_ json: JSON) throws(CommandError) {
        guard case .object = json else {
            throw CommandError(
                .invalidRequest, "A command is an object, not \(json.kind).",
                hint: #"For instance {"op": "system.hello"}."#)
        }
        guard json["batch"] == nil || json["op"] != nil else {
            throw CommandError(
                .invalidRequest, "The directive of a batch is the first line of its message.",
                hint: "Send it once, before all commands.", path: "batch")
        }
    }

    /// The id and the op of the command in a line, where they can be read.
    static func head(of bytes: ArraySlice<UInt8>) -> (id: JSON?, op: String?) {
        guard bytes.count <= ProtocolLimits.lineBytes, let json = try? json(bytes) else {
            return (nil, nil)
        }
        return (Request.id(of: json), json["op"]?.string)
    }

    private static func json(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> JSON {
        try JSON(parsing: bytes.last == 0x0D ? bytes.dropLast() : bytes)
    }

    // MARK: Messages

    /// The lines of `message`, and whether they are one transaction.
    static func split(_ message: IncomingMessage) throws(CommandError) -> (
        isAtomic: Bool, lines: [ArraySlice<UInt8>]
    ) {
        guard let body = message.body else {
            throw CommandError(
                .invalidRequest, "A message is one frame of lines behind the envelope.",
                hint: "A REQ socket sends it so by itself; a DEALER may send an empty frame first.")
        }
        guard body.count <= ProtocolLimits.messageBytes else {
            throw CommandError(
                .tooLarge, "The message is longer than \(ProtocolLimits.messageBytes) bytes.",
                hint: "Send fewer lines in one message.")
        }
        // No more pieces than it takes to see that there are too many.
        var lines = body.split(
            separator: 0x0A, maxSplits: ProtocolLimits.linesPerMessage + 1,
            omittingEmptySubsequences: false)
        if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
        let (isAtomic, commands) = try takeDirective(lines)
        guard commands.count <= ProtocolLimits.linesPerMessage else {
            throw CommandError(
                .tooLarge, "The message has more than \(ProtocolLimits.linesPerMessage) lines.",
                hint: "Send fewer lines in one message.")
        }
        return (isAtomic, commands)
    }

    /// A first line `{"batch":"atomic"}` makes the message one transaction, and gets no reply line.
    private static func takeDirective(_ lines: [ArraySlice<UInt8>]) throws(CommandError) -> (
        Bool, [ArraySlice<UInt8>]
    ) {
        guard let first = lines.first, first.count < 200, let json = try? JSON(parsing: first),
            json["batch"] != nil
        else { return (false, lines) }
        guard json == ["batch": "atomic"], lines.count > 1 else {
            throw CommandError(
                .invalidRequest,
                "The directive of a batch is {\"batch\":\"atomic\"}, with commands behind it.",
                path: "batch")
        }
        return (true, Array(lines.dropFirst()))
    }
}

extension CommandError {
    fileprivate static let lineTooLong = CommandError(
        .tooLarge, "The line is longer than \(ProtocolLimits.lineBytes) bytes.",
        hint: "Split a bulk enrollment into several.")
}
