import JSONLines
import WorkflowClient

/// The feed as a person follows it: over restarts of the service, with a word about each break.
struct FollowedFeed {
    private let client: CommandClient
    private var reader: FeedReader
    private var isAway = false

    /// Seconds that one question waits for events: short, because a question that was with a service when
    /// it ended is never answered.
    private static let wait = Duration.seconds(1)

    /// How much longer a service may take that is busy, before it counts as away.
    private static let patience = Duration.seconds(4)

    /// Follows the feed behind `position`, or behind its end where none is given.
    init(
        _ client: CommandClient, _ connection: ConnectionOptions, after position: Int64?,
        _ families: [String]
    ) throws {
        let feed = try client.call("system.hello")["events"]
        reader = FeedReader(
            after: position ?? feed?["head"]?.integer ?? 0, epoch: feed?["epoch"]?.string,
            families: families)
        self.client = try connection.client(timeout: Self.wait + Self.patience)
    }

    /// The next events, or none where nothing happened for a while.
    ///
    /// Nil at the end of the feed where it does not wait for more.
    mutating func next(waits: Bool) throws(ClientError) -> [JSON]? {
        do {
            let news = try reader.next(client, wait: waits ? Self.wait : .zero)
            if isAway { say("the service is back.") }
            isAway = false
            return take(news, waits)
        } catch .noAnswer(let endpoint) where waits {
            if !isAway { say("no answer from \(endpoint); waiting for the service.") }
            isAway = true
            return []
        }
    }

    private func take(_ news: FeedReader.News, _ waits: Bool) -> [JSON]? {
        switch news {
        case .events(let events): return events.isEmpty && !waits ? nil : events
        case .restarted(let epoch):
            say("the feed has a new epoch, \(epoch): a backup was restored. From its beginning:")
        case .purged(let position):
            say("events up to \(position) were purged; going on behind them.")
        }
        return []
    }

    private func say(_ words: String) { Terminal.errors.print("workflowctl: \(words)") }
}
