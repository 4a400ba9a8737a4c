import JSONLines
import WorkflowService

/// A consumer of the feed, as proto-docs/events.md describes it, for all families at once.
final class FeedReader {
    private(set) var events: [JSONObject] = []
    private var latest: [String: Int64] = [:]

    var position: Int64 { Int64(events.count) }

    /// Takes the next event.
    /// - Returns: whether it is new.
    /// - Throws: ``Violation`` where one is missing, or the feed contradicts itself.
    func take(_ event: JSONObject) throws -> Bool {
        let seq = event["seq"]?.integer ?? 0
        if seq <= position { return false }
        guard seq == position + 1 else {
            throw Violation("the feed goes from \(position) to \(seq)")
        }
        let family = event["type"]?.string?.prefix { $0 != "." } ?? ""
        let prev = event["prev"]?.integer
        guard prev == latest[String(family)] ?? 0 else {
            throw Violation("event \(seq) says that \(prev ?? -1) of its family was before it")
        }
        latest[String(family)] = seq
        events.append(event)
        return true
    }

    /// Compares what was published with what the history says in the end.
    func check(against history: [JSONObject]) throws {
        guard history.count == events.count else {
            throw Violation("\(events.count) events were published, \(history.count) are stored")
        }
        for (published, stored) in zip(events, history)
        where stored["redacted"] != true && stored != published {
            throw Violation(
                "published \(JSON.object(published).text), stored \(JSON.object(stored).text)")
        }
    }
}
