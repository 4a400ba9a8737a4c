/// What a service has done since its start, counted as it does it.
///
/// Counting is an addition in a table whose rows are there from the start, as far as they are known
/// then: it allocates nothing for a command.
public struct OperationCounts: Sendable {
    private let rows: [String: Int]
    private var commands: [Int]
    /// Refused commands by the code of their error.
    public private(set) var refusals: [String: Int] = [:]
    /// Events by type.
    public private(set) var events: [String: Int] = [:]
    private var messages: [String: [String: Int]] = [:]
    private var reports: [String: [ReportOutcome: Int]] = [:]

    /// The row of commands that are none.
    public static let unknown = "unknown"
    /// Under what messages of channels are counted that are not installed.
    ///
    /// Their names are those of definitions, of which there may be any number.
    public static let otherChannel = "other"

    /// Nothing was done yet; `ops` are the commands that there are, `channels` those that are installed.
    public init(ops: [String], channels: [String]) {
        let names = (ops + [Self.unknown]).enumerated()
        rows = Dictionary(uniqueKeysWithValues: names.map { ($1, $0) })
        commands = [Int](repeating: 0, count: rows.count * 2)
        for channel in channels {
            messages[channel] = [:]
            reports[channel] = [:]
        }
    }

    /// Counts an answered command; `op` is nil where its line named none, `code` where it was done.
    public mutating func count(op: String?, refusal code: String?) {
        guard let row = op.flatMap({ rows[$0] }) ?? rows[Self.unknown] else { return }
        commands[row * 2 + (code == nil ? 0 : 1)] += 1
        if let code { refusals[code, default: 0] += 1 }
    }

    /// Counts an event of the feed.
    public mutating func count(event type: String) { events[type, default: 0] += 1 }

    /// Counts what became of a message.
    public mutating func count(message outcome: String, channel: String) {
        let row = messages[channel] == nil ? Self.otherChannel : channel
        messages[row, default: [:]][outcome, default: 0] += 1
    }

    /// Counts what became of a report of an installed channel.
    /// - Returns: how many of this kind there are now.
    @discardableResult
    public mutating func count(report outcome: ReportOutcome, channel: String) -> Int {
        let row = reports[channel] == nil ? Self.otherChannel : channel
        reports[row, default: [:]][outcome, default: 0] += 1
        return reports[row]?[outcome] ?? 0
    }

    /// How many reports of `channel` became `outcome`.
    public func reports(_ outcome: ReportOutcome, of channel: String) -> Int {
        reports[channel]?[outcome] ?? 0
    }

    /// What became of reports, by channel and outcome; those of which there were none are 0.
    public var reportCounts: [(channel: String, outcome: ReportOutcome, count: Int)] {
        reports.sorted { $0.key < $1.key }.flatMap { channel, outcomes in
            ReportOutcome.allCases.map { (channel, $0, outcomes[$0] ?? 0) }
        }
    }

    /// The commands that came, by op and whether they were done or refused.
    public var commandCounts: [(op: String, done: Int, refused: Int)] {
        rows.sorted { $0.key < $1.key }
            .map { ($0.key, commands[$0.value * 2], commands[$0.value * 2 + 1]) }
            .filter { $0.1 + $0.2 > 0 }
    }

    /// What became of messages, by channel and outcome.
    public var messageCounts: [(channel: String, outcome: String, count: Int)] {
        messages.sorted { $0.key < $1.key }.flatMap { channel, outcomes in
            outcomes.sorted { $0.key < $1.key }.map { (channel, $0.key, $0.value) }
        }
    }
}
