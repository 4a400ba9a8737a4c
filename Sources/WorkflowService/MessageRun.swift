import JSONLines
import WorkflowEngine
import WorkflowProtocol
import WorkflowStore

/// One message of commands on its way to its one reply.
final class MessageRun {
    /// What is done with one line.
    enum Line {
        /// To be executed, unless its arguments were refused.
        case command(Request, Result<any Command, CommandError>)
        case answered(Reply)
        case waiting(Request, Waiting)
    }

    let envelope: [[UInt8]]
    let caller: Caller
    let isAtomic: Bool
    var lines: [Line]

    init(_ message: IncomingMessage) {
        envelope = message.envelope
        caller = message.caller
        do {
            let (isAtomic, texts) = try MessageRun.split(message)
            self.isAtomic = isAtomic
            lines = texts.map(MessageRun.line)
        } catch {
            isAtomic = false
            lines = [.answered(Reply(id: nil, .failure(error)))]
        }
    }

    var isWaiting: Bool {
        lines.contains { if case .answered = $0 { false } else { true } }
    }

    /// The reply, once every line is answered.
    var reply: OutgoingMessage {
        var body: [UInt8] = []
        for case .answered(let reply) in lines { reply.write(to: &body) }
        return OutgoingMessage(envelope: envelope, body: body, caller: caller)
    }

    /// Answers all lines that are not answered yet with `error`.
    func refuse(_ error: CommandError) {
        lines = lines.map { line in
            switch line {
            case .answered: line
            case .command(let request, _), .waiting(let request, _):
                .answered(Reply(id: request.id, .failure(error)))
            }
        }
    }

    // MARK: Reading

    private static func split(_ message: IncomingMessage) throws(CommandError) -> (
        Bool, [ArraySlice<UInt8>]
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
        var lines = body.split(separator: 0x0A, omittingEmptySubsequences: false)
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

    private static func line(_ bytes: ArraySlice<UInt8>) -> Line {
        guard bytes.count <= ProtocolLimits.lineBytes else {
            return .answered(
                Reply(
                    id: nil,
                    .failure(
                        CommandError(
                            .tooLarge, "The line is longer than \(ProtocolLimits.lineBytes) bytes.",
                            hint: "Split a bulk enrollment into several."))))
        }
        let json: JSON
        do {
            json = try JSON(parsing: bytes.last == 0x0D ? bytes.dropLast() : bytes)
        } catch {
            return .answered(
                Reply(
                    id: nil,
                    .failure(
                        CommandError(.invalidJSON, "At byte \(error.offset + 1): \(error.reason)."))
                ))
        }
        do throws(CommandError) {
            let request = try Request(json)
            return .command(
                request,
                Result { () throws(CommandError) in try CommandTable.command(request) })
        } catch {
            return .answered(Reply(id: Request.id(of: json), .failure(error)))
        }
    }
}

/// A message as it came in, its envelope apart.
public struct IncomingMessage: Sendable {
    /// The frames that have to stand before the reply, as they came.
    public let envelope: [[UInt8]]
    /// The lines; nil where the frames have another shape.
    public let body: [UInt8]?
    /// Who sent it.
    public let caller: Caller

    /// A message of `body` from the client behind `envelope`.
    public init(envelope: [[UInt8]], body: [UInt8]?, caller: Caller = .local) {
        self.envelope = envelope
        self.body = body
        self.caller = caller
    }
}

/// A reply and whom it is for.
public struct OutgoingMessage: Sendable {
    /// The frames before the body.
    public let envelope: [[UInt8]]
    /// One line for each command, in order.
    public let body: [UInt8]
    /// Whom it is for.
    public let caller: Caller
}
