import Logging
import ServiceHealth
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// What the service notices of its own work, for health and metrics.
final class Vitals {
    private(set) var counts: OperationCounts
    private(set) var commits = Histogram()
    /// The position of the newest event that was handed to subscribers.
    var published: Int64
    let logThreshold: LogThreshold
    /// Who is connected.
    var connections = ConnectionFacts()
    private var turnTimes = TurnTimes()
    private var jumps = ClockJumps()
    private var failures = 0
    /// Since when nothing could be written; nil where it can.
    private var failingSince: Duration?
    private var lastFailure: (code: String, at: Duration)?
    private var lastWrite: Duration?
    private let clock: ServiceClock
    private let log: Logger
    private let databasePath: String
    private let started: (wall: Instant, elapsed: Duration)

    init(
        clock: ServiceClock, databasePath: String, channels: [String], published: Int64,
        logThreshold: LogThreshold, log: Logger
    ) {
        self.log = log
        self.clock = clock
        self.databasePath = databasePath
        self.published = published
        self.logThreshold = logThreshold
        counts = OperationCounts(ops: Array(CommandTable.byOp.keys), channels: channels)
        started = (clock.wall, clock.elapsed)
    }

    var turns: Histogram { turnTimes.distribution }

    // MARK: What happened

    /// A turn that `began` is over.
    func turned(began: Duration) {
        let now = clock.elapsed
        turnTimes.observe(now - began, at: now)
        jumps.observe(wall: clock.wall, elapsed: now)
    }

    /// A turn with `effects` was committed, which `began` when its work was done.
    func committed(_ effects: Effects, hasWritten: Bool, began: Duration) {
        for event in effects.events { counts.count(event: event.type) }
        for message in effects.sends { counts.count(message: "claimed", channel: message.channel) }
        for fate in effects.fates { counts.count(message: fate.outcome, channel: fate.channel) }
        for fate in effects.reportFates { count(fate) }
        guard hasWritten else { return }
        lastWrite = clock.elapsed
        failingSince = nil
        commits.observe(clock.elapsed - began)
    }

    private func count(_ fate: ReportFate) {
        let count = counts.count(report: fate.outcome, channel: fate.channel)
        guard let words = fate.outcome.words, count.isPowerOfTen else { return }
        log.warning("\(words)", metadata: ["channel": "\(fate.channel)", "count": "\(count)"])
    }

    func failed(_ error: StoreError) {
        failures += 1
        failingSince = failingSince ?? clock.elapsed
        lastFailure = (error.word, clock.elapsed)
    }

    /// `answer` leaves the service.
    func count(_ answer: MessageRun.Answer) {
        counts.count(op: answer.op, refusal: answer.refusal?.rawValue)
    }

    // MARK: Facts

    /// What can be told without the store's contents.
    func facts() -> HealthFacts {
        let store = StoreFiles(path: databasePath)
        let now = clock.elapsed
        var facts = HealthFacts()
        facts.version = ServiceVersion.text
        facts.uptime = now - started.elapsed
        facts.started = started.wall
        facts.longestTurn = turnTimes.longest(at: now)
        facts.clock = clock.kind.name
        facts.jumps = jumps.facts(at: now)
        facts.process = ProcessUse.facts()
        facts.connections = connections
        facts.store.databaseBytes = store.databaseBytes
        facts.store.logBytes = store.logBytes
        facts.store.freeBytes = store.freeBytes
        facts.store.failures = failures
        facts.store.isFailing = failingSince != nil
        facts.store.failingFor = failingSince.map { now - $0 }
        facts.store.lastFailure = lastFailure.map { .init(code: $0.code, age: now - $0.at) }
        facts.store.lastWrite = lastWrite.map { now - $0 }
        return facts
    }
}

extension ReportOutcome {
    /// What the log says of it; nil for what is in order.
    fileprivate var words: String? {
        switch self {
        case .taken, .repeated: nil
        case .stray: "A channel reported on a message that is none of its own; it was dropped"
        case .unmatched: "A channel reported on somebody whom no contact's address names"
        case .failed: "A channel's report could not be taken"
        }
    }
}

extension Int {
    /// 1, 10, 100 and so on: what is said then of something that happens often fills no log.
    fileprivate var isPowerOfTen: Bool {
        var rest = self
        while rest >= 10, rest % 10 == 0 { rest /= 10 }
        return rest == 1
    }
}

extension StoreError {
    /// The kind in one word, for programs.
    fileprivate var word: String {
        switch self {
        case .full: "full"
        case .readOnly: "read_only"
        case .busy: "busy"
        case .corrupt: "corrupt"
        case .newerSchema: "newer_schema"
        case .takenAway: "taken_away"
        case .failed, .body: "failed"
        }
    }
}
