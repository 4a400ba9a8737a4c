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
    /// The names of what it is about, then what else is to say.
    public let members: JSONObject

    /// An event of the given parts.
    public init(seq: Int64, prev: Int64, type: String, at: Instant, members: JSONObject) {
        self.seq = seq
        self.prev = prev
        self.type = type
        self.at = at
        self.members = members
    }

    /// The event as JSON, under the feed's `epoch`.
    public func json(epoch: String) -> JSONObject {
        var object: JSONObject = [
            "seq": .integer(seq), "prev": .integer(prev), "epoch": .string(epoch),
            "type": .string(type),
            "at": .string(at.rfc3339),
        ]
        for (name, value) in members.members { object[name] = value }
        return object
    }

    /// The heartbeat: no position of its own, but the position of the newest event.
    public static func heartbeat(head: Int64, epoch: String, at: Instant) -> JSON {
        [
            "type": "heartbeat", "head": .integer(head), "epoch": .string(epoch),
            "at": .string(at.rfc3339),
        ]
    }
}
