public import JSONLines

/// One command as it stands in a line.
public struct Request: Hashable, Sendable {
    /// The client's name for it, echoed in the reply: a string or an integer.
    public let id: JSON?
    /// What to do, such as `enrollment.create`.
    public let op: String
    /// The arguments.
    public let args: JSON
    /// The idempotency key.
    public let key: String?
    /// The revision that the client has seen.
    public let ifRev: Int?

    /// Reads a command.
    /// - Throws: ``CommandError`` about the first offence.
    public init(_ json: JSON) throws(CommandError) {
        do throws(FieldError) {
            var reader = try ObjectReader(json, at: "")
            let version = try reader.integer("v")
            id = reader.value("id")
            op = try reader.requiredString("op")
            args = .object(try reader.members("args") ?? [:])
            key = try reader.string("key")
            ifRev = try reader.integer("if_rev", in: 0...Int(JSON.largestInteger))
            try reader.finish()
            try Request.check(version: version, id: id, key: key)
        } catch {
            if error.path == "v" {
                throw CommandError(
                    .unsupportedVersion, error.message, hint: error.hint, path: error.path)
            }
            throw CommandError(error)
        }
    }

    private static func check(version: Int?, id: JSON?, key: String?) throws(FieldError) {
        guard version ?? ProtocolLimits.version == ProtocolLimits.version else {
            throw FieldError(
                .invalid, at: "v", "This version of the protocol is not spoken here.",
                hint: "Send \"v\": \(ProtocolLimits.version), or leave it out.")
        }
        switch id {
        case nil, .string, .integer: break
        default: throw FieldError(.invalid, at: "id", "An id is a string or an integer.")
        }
        let isASCII = key?.utf8.allSatisfy { (0x21...0x7E).contains($0) } ?? true
        guard isASCII, (1...ProtocolLimits.keyLength).contains(key?.utf8.count ?? 1) else {
            throw FieldError(
                .invalid, at: "key",
                "A key is 1 to \(ProtocolLimits.keyLength) visible ASCII characters without spaces."
            )
        }
    }

    /// The id that a reply to `json` echoes, also where `json` is no valid command.
    public static func id(of json: JSON) -> JSON? {
        switch json["id"] {
        case .string(let text): .string(text)
        case .integer(let number): .integer(number)
        default: nil
        }
    }
}
