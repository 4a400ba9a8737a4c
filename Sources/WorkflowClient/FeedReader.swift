public import JSONLines

/// Reads the event feed from a position on and misses nothing, over restarts of the service too.
public struct FeedReader {
    /// The position up to which everything was read.
    public private(set) var position: Int64
    /// The feed's epoch; nil before the first answer.
    public private(set) var epoch: String?
    private let families: [String]

    /// A reader of what comes behind `position`; of all families where none is named.
    public init(after position: Int64, epoch: String? = nil, families: [String] = []) {
        self.position = position
        self.epoch = epoch
        self.families = families
    }

    /// What a reader learns at a time.
    public enum News: Hashable, Sendable {
        /// Events in the order of their positions; none where nothing happened in time.
        case events([JSON])
        /// A backup was restored: positions begin anew, and so does the reader.
        case restarted(epoch: String)
        /// Events up to this position were purged before they could be read; the reader goes on there.
        case purged(upTo: Int64)
    }

    /// Reads what comes next, waiting up to `wait` for it.
    ///
    /// Where this throws, the position stands where it was: call it again.
    /// - Throws: ``ClientError``; ``ClientError/noAnswer(_:)`` while the service is away.
    public mutating func next(_ client: CommandClient, wait: Duration) throws(ClientError) -> News {
        var args: JSONObject = [
            "after": .integer(position), "limit": 1_000,
            "wait_ms": .integer(wait.components.seconds * 1_000),
        ]
        if !families.isEmpty { args["families"] = .array(families.map(JSON.string)) }
        do {
            return take(try client.call("events.read", args))
        } catch .refused(_, "events_truncated", _) {
            return try skip(client)
        }
    }

    private mutating func take(_ page: JSON) -> News {
        if let news = enter(page["epoch"]?.string) { return news }
        position = page["next"]?.integer ?? position
        return .events(page["events"]?.array ?? [])
    }

    /// Goes on behind what was purged.
    private mutating func skip(_ client: CommandClient) throws(ClientError) -> News {
        let feed = try client.call("system.hello")["events"]
        if let news = enter(feed?["epoch"]?.string) { return news }
        position = max(position, feed?["floor"]?.integer ?? 0)
        return .purged(upTo: position)
    }

    private mutating func enter(_ present: String?) -> News? {
        guard let present, present != epoch else { return nil }
        let isFirst = epoch == nil
        epoch = present
        if isFirst { return nil }
        position = 0
        return .restarted(epoch: present)
    }
}
