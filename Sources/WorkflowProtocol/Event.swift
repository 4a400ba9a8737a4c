public import JSONLines
public import WorkflowModel

/// One event of the feed as it goes over the wire.
public struct Event: Hashable, Sendable {
    /// Its position, from 1, without gaps.
    public let seq: Int64
    /// The position before it of the same family; 0 for the first.
    public let prev: Int64
    /// Its type, such as `message.sent`; also the topic.
    public let type: String
    /// When it happened.
    public let at: Instant
    /// The names of what it is about.
    public let subject: JSONObject
    /// What else is to say, as the text of a JSON object.
    public let body: String

    /// All families: what a type can begin with.
    public static let families = [
        "message", "step", "flag", "enrollment", "signal", "contact", "workflow", "template",
        "settings", "history", "key", "inbound",
    ]

    /// An event of the given parts.
    public init(
        seq: Int64, prev: Int64, type: String, at: Instant, subject: JSONObject, body: String
    ) {
        self.seq = seq
        self.prev = prev
        self.type = type
        self.at = at
        self.subject = subject
        self.body = body
    }

    /// The event as one line with its end, under the feed's `epoch`.
    ///
    /// The body goes into it as it is stored, without being taken apart.
    public func line(epoch: String) -> [UInt8] {
        var head: JSONObject = [
            "seq": .integer(seq), "prev": .integer(prev), "epoch": .string(epoch),
            "type": .string(type), "at": .string(at.rfc3339),
        ]
        for (name, value) in subject.members { head[name] = value }
        var bytes = JSON.object(head).bytes
        if body.utf8.count > 2 {
            bytes[bytes.count - 1] = UInt8(ascii: ",")
            bytes.append(contentsOf: body.utf8.dropFirst())
        }
        bytes.append(0x0A)
        return bytes
    }

    /// The event as JSON, under the feed's `epoch`.
    /// - Throws: ``JSONError`` where the stored body is damaged.
    public func json(epoch: String) throws(JSONError) -> JSON {
        try JSON(parsing: line(epoch: epoch))
    }

    /// The heartbeat: no position of its own, but the position of the newest event.
    public static func heartbeat(head: Int64, epoch: String, at: Instant) -> JSON {
        [
            "type": "heartbeat", "head": .integer(head), "epoch": .string(epoch),
            "at": .string(at.rfc3339),
        ]
    }
}
