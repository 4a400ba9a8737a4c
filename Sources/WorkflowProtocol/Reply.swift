public import JSONLines

/// The answer to one command.
public struct Reply: Hashable, Sendable {
    /// The id of the command, as it came.
    public var id: JSON?
    /// What came of it.
    public var outcome: Outcome
    /// For a write: the position of the feed that it reached.
    public var seq: Int64?
    /// Whether the reply was stored for the command's idempotency key before.
    public var replayed: Bool
    /// The command that it answers, for counting, and no part of the line; nil where there was none.
    public var op: String?

    /// What came of a command.
    public enum Outcome: Hashable, Sendable {
        case success(JSON)
        case failure(CommandError)
    }

    /// An answer to the command called `id`.
    public init(
        id: JSON?, _ outcome: Outcome, seq: Int64? = nil, replayed: Bool = false, op: String? = nil
    ) {
        self.id = id
        self.op = op
        self.outcome = outcome
        self.seq = seq
        self.replayed = replayed
    }

    /// Appends the reply as one line with its end.
    public func write(to bytes: inout [UInt8]) {
        var object = JSONObject()
        object["id"] = id
        switch outcome {
        case .success(let result):
            object["ok"] = true
            object["result"] = result
        case .failure(let error):
            object["ok"] = false
            object["error"] = error.json
        }
        object["seq"] = seq.map(JSON.integer)
        if replayed { object["replayed"] = true }
        object.write(to: &bytes)
        bytes.append(0x0A)
    }
}
