public import JSONLines

/// A message that a channel is asked to send.
public struct SendRequest: Hashable, Sendable {
    /// The idempotency key: the same over all attempts.
    public var key: String
    /// Which attempt this is, from 1.
    public var attempt: Int
    /// The contact's address; nil for a channel to staff.
    public var to: String?
    /// The sender, where the settings name one.
    public var from: String?
    /// The final texts by name.
    public var content: JSONObject
    /// The service's time of handing over, by RFC 3339; its clock may be another than the machine's.
    public var at: String
    /// After this moment, by RFC 3339 and the service's clock, it must not go any more.
    public var notAfter: String
    /// What it is about: workflow, step, enrollment, contact.
    public var context: JSONObject
    /// Whether a person has looked and says that the message did not go: what is remembered of its key
    /// counts no more.
    public var resend: Bool
    /// The last attempt that such a word is about: what is remembered of it and of those before it counts
    /// no more; nil where nobody spoke.
    public var ruledOut: Int?

    /// A request of the given parts.
    public init(
        key: String, attempt: Int, to: String?, from: String?, content: JSONObject,
        at: String = "", notAfter: String,
        context: JSONObject, resend: Bool = false, ruledOut: Int? = nil
    ) {
        self.key = key
        self.attempt = attempt
        self.to = to
        self.from = from
        self.content = content
        self.at = at
        self.notAfter = notAfter
        self.context = context
        self.resend = resend
        self.ruledOut = ruledOut
    }
}

extension SendRequest {
    /// The last attempt of which a person says that it did not go; nil where nobody spoke.
    ///
    /// An older host says only that a person spoke, and says so of everything before.
    public var ruledOutAttempt: Int? { ruledOut ?? (resend ? .max : nil) }
}

/// What a host asks of a channel.
public enum HostRequest: Hashable, Sendable {
    case hello
    case configure(JSONObject, check: Bool)
    case send(SendRequest)
    case query(key: String)
    case ping
    case drain
    /// A report was stored and need not be repeated; it gets no answer.
    case acknowledge(eventID: String)
}

extension HostRequest {
    /// Appends the request as a line with its end.
    public func write(id: Int, to bytes: inout [UInt8]) {
        var object: JSONObject = ["id": .integer(Int64(id)), "op": .string(op)]
        switch self {
        case .hello: object["protocol"] = 1
        case .configure(let config, let check):
            object["config"] = .object(config)
            if check { object["check"] = true }
        case .send(let request):
            for (name, value) in request.members.members { object[name] = value }
        case .query(let key): object["key"] = .string(key)
        case .acknowledge(let eventID): object["event_id"] = .string(eventID)
        case .ping, .drain: break
        }
        object.write(to: &bytes)
        bytes.append(0x0A)
    }

    private var op: String {
        switch self {
        case .hello: "hello"
        case .configure: "configure"
        case .send: "send"
        case .query: "query"
        case .ping: "ping"
        case .drain: "drain"
        case .acknowledge: "acknowledge"
        }
    }

    /// Reads a line.
    ///
    /// Members that are not known are ignored, so that hosts may be newer.
    /// - Throws: ``FieldError`` about the first offence.
    public static func read(_ line: JSON) throws(FieldError) -> (id: JSON, request: HostRequest) {
        var reader = try ObjectReader(line, at: "")
        let id = reader.value("id") ?? .null
        switch try reader.requiredString("op") {
        case "hello": return (id, .hello)
        case "configure":
            return (
                id,
                .configure(
                    try reader.members("config") ?? [:], check: try reader.bool("check") ?? false)
            )
        case "send": return (id, .send(try SendRequest(&reader)))
        case "query": return (id, .query(key: try reader.requiredString("key")))
        case "ping": return (id, .ping)
        case "drain": return (id, .drain)
        case "acknowledge":
            return (id, .acknowledge(eventID: try reader.requiredString("event_id")))
        default: throw reader.invalid("op", "This request is not known.")
        }
    }
}

extension SendRequest {
    fileprivate var members: JSONObject {
        var object: JSONObject = ["key": .string(key), "attempt": .integer(Int64(attempt))]
        object["to"] = to.map(JSON.string)
        object["from"] = from.map(JSON.string)
        object["content"] = .object(content)
        if !at.isEmpty { object["at"] = .string(at) }
        object["not_after"] = .string(notAfter)
        object["context"] = .object(context)
        if resend { object["resend"] = true }
        object["ruled_out"] = ruledOut.map { .integer(Int64($0)) }
        return object
    }

    fileprivate init(_ reader: inout ObjectReader) throws(FieldError) {
        self.init(
            key: try reader.requiredString("key"), attempt: try reader.integer("attempt") ?? 1,
            to: try reader.string("to"), from: try reader.string("from"),
            content: try reader.members("content") ?? [:],
            at: try reader.string("at") ?? "", notAfter: try reader.string("not_after") ?? "",
            context: try reader.members("context") ?? [:],
            resend: try reader.bool("resend") ?? false,
            ruledOut: try reader.integer("ruled_out"))
    }
}
