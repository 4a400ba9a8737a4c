public import JSONLines

/// A line that a channel writes.
public enum ChannelLine: Hashable, Sendable {
    /// The answer to request `id`.
    case answer(id: Int, JSON)
    /// What became of a message later; repeated until it is acknowledged.
    case status(eventID: String, key: String, SendAnswer)
    /// What a contact did; repeated until it is acknowledged.
    case inbound(Inbound)

    /// What a contact did.
    public struct Inbound: Hashable, Sendable {
        /// What a contact can do.
        public enum Kind: String, CaseIterable, Hashable, Sendable {
            case reply, opened, clicked, answered
            case optOut = "opt_out"
            case optIn = "opt_in"
        }

        /// The channel's name for the report, the same when it is repeated.
        public var eventID: String
        /// What happened.
        public var kind: Kind
        /// The contact's address.
        public var from: String?
        /// The message that it is about.
        public var key: String?
        /// What the contact wrote.
        public var text: String?
        /// When it happened, by RFC 3339.
        public var at: String?

        /// A report of the given parts.
        public init(
            eventID: String, kind: Kind, from: String? = nil, key: String? = nil,
            text: String? = nil,
            at: String? = nil
        ) {
            self.eventID = eventID
            self.kind = kind
            self.from = from
            self.key = key
            self.text = text
            self.at = at
        }
    }

    /// Bytes of a report's `event_id`: the host remembers it for 30 days.
    public static let eventIDBytes = 512

    /// Reads a line.
    /// - Throws: ``FieldError`` where it is none of the three.
    public init(_ line: JSON) throws(FieldError) {
        var reader = try ObjectReader(line, at: "")
        switch try reader.string("event") {
        case nil:
            guard let id = try reader.integer("id") else {
                throw FieldError(
                    .missing, at: "id", "A line is an answer with an id, or has an event.")
            }
            self = .answer(id: id, line)
        case "status":
            self = .status(
                eventID: try Self.eventID(&reader),
                key: try reader.requiredString("key"),
                try SendAnswer(members: line))
        case "inbound":
            guard let kind = Inbound.Kind(rawValue: try reader.requiredString("kind")) else {
                throw reader.invalid("kind", "This kind of report is not known.")
            }
            self = .inbound(
                Inbound(
                    eventID: try Self.eventID(&reader), kind: kind,
                    from: try reader.string("from"),
                    key: try reader.string("key"), text: try reader.string("text"),
                    at: try reader.string("at")))
        default: throw reader.invalid("event", "It must be status or inbound.")
        }
    }

    private static func eventID(_ reader: inout ObjectReader) throws(FieldError) -> String {
        let id = try reader.requiredString("event_id")
        guard id.utf8.count <= eventIDBytes else {
            throw reader.invalid("event_id", "It is longer than \(eventIDBytes) bytes.")
        }
        return id
    }

    /// Appends a report as a line with its end; answers are written by ``ChannelMain``.
    public func write(to bytes: inout [UInt8]) {
        var object: JSONObject
        switch self {
        case .answer(_, let json): object = json.object ?? [:]
        case .status(let eventID, let key, let answer):
            object = ["event": "status", "event_id": .string(eventID), "key": .string(key)]
            for (name, value) in answer.members.members { object[name] = value }
        case .inbound(let inbound):
            object = [
                "event": "inbound", "event_id": .string(inbound.eventID),
                "kind": .string(inbound.kind.rawValue),
            ]
            object["from"] = inbound.from.map(JSON.string)
            object["key"] = inbound.key.map(JSON.string)
            object["text"] = inbound.text.map(JSON.string)
            object["at"] = inbound.at.map(JSON.string)
        }
        object.write(to: &bytes)
        bytes.append(0x0A)
    }
}
