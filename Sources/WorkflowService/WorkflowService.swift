import JSONLines
public import Logging
public import ServiceHealth
import WorkflowEngine
import WorkflowModel
public import WorkflowProtocol
public import WorkflowStore

/// The service without its sockets: turns messages, channels' reports and due steps into one transaction
/// after the other.
///
/// It is confined to one thread. Call ``turn(_:)`` when something has come in, and when ``nextTurn`` has
/// passed; everything that leaves it is durable before it leaves.
public final class WorkflowService {
    let store: Store
    private let clock: ServiceClock
    private let gateway: any ChannelGateway
    private let log: Logger
    private let vitals: Vitals
    private let catalog = Catalog()
    private let channels = ChannelDirectory()
    /// What names this service and its feed.
    public private(set) var identity: ServiceIdentity
    private var feed: FeedPosition
    private var inFlight: Set<MessageAddress> = []
    /// Keys that channels were asked about; none is asked about twice at a time.
    private var questions: Set<String> = []
    private var reports: [GatewayReport] = []
    private var inbox = Inbox()
    /// The messages that this turn works on.
    private var underWork: [MessageRun] = []
    private var waiting = WaitingMessages()
    /// Whether some of those who wait may have to be answered at once.
    private var waitersLeft = false
    private var housekeeping: Housekeeping
    /// When the next step is due, as far as its channel takes it: one of `openLanes`.
    private var nextDue: Instant?
    private var openLanes: [String] = []
    private var health = StoreHealth()
    private var waitersFailed = false
    /// Where a clock that is not the machine's was stored last.
    private var storedClock: Instant?

    /// A service over `store`, whose templates and identity are set up where it is new.
    ///
    /// - Parameters:
    ///   - serverKey: the public key that it tells administrators, in Z85.
    ///   - logThreshold: the level of `log`, which administrators may set.
    /// - Throws: ``StoreError``.
    public init(
        store: Store, clock: ServiceClock, gateway: any ChannelGateway, log: Logger,
        serverKey: String? = nil, logThreshold: LogThreshold = LogThreshold(.info)
    ) throws {
        self.store = store
        self.clock = clock
        self.gateway = gateway
        self.log = log
        let names = gateway.channels.map(\.name)
        identity = try store.transaction { [channels] session in
            try session.register(channels: names)
            channels.remember(try session.knownChannels())
            try session.releaseQueues(except: names, at: clock.now)
            return try FirstStart(session: session, now: clock.now).identity()
        }
        feed = store.feed
        identity.serverKey = serverKey
        vitals = Vitals(
            clock: clock, databasePath: store.path, channels: names, published: feed.head,
            logThreshold: logThreshold, log: log)
        housekeeping = Housekeeping(lastRun: clock.elapsed)
        nextDue = clock.now
    }

    /// Where a clock that is not the machine's was when the service last wrote, or nil.
    /// - Throws: ``StoreError``.
    public static func storedClock(_ store: Store) throws(StoreError) -> Instant? {
        try store.reading {
            try $0.meta("clock").flatMap { Int64($0) }.map(Instant.init(milliseconds:))
        }
    }

    // MARK: Turns

    /// What leaves the service after a turn.
    public struct Output {
        /// Replies to be sent.
        public var replies: [OutgoingMessage] = []
        /// Events to be published, in the order of their positions.
        public var events: [Event] = []
        /// Whether a key was revoked or changed, so that subscribers have to be asked for theirs again,
        /// before the events are published.
        public var keysChanged = false
    }

    /// Works on `messages`, on what channels reported and on what is due, in one transaction.
    ///
    /// What is more than one turn's work stays for the next. On return everything is committed; channels
    /// have been handed what was claimed. Where the store fails, nothing was done: reads are answered,
    /// writes are refused, reports are kept for the next turn.
    public func turn(_ messages: [IncomingMessage]) -> Output {
        let began = clock.elapsed
        defer { vitals.turned(began: began) }
        var output = Output()
        for message in messages { admit(message, &output) }
        reports += gateway.takeReports()
        channels.refresh(gateway.channels)
        moveSimulatedClock()
        do throws(StoreError) {
            var worked = began
            let done = try transaction { session, isAgain in
                defer { worked = clock.elapsed }
                return try work(session, isAgain: isAgain)
            }
            health.worked(at: clock.elapsed, log)
            vitals.committed(done.effects, hasWritten: done.hasWritten, began: worked)
            leave(done, &output)
        } catch {
            fail(error)
        }
        answer(&output)
        wakeWaiting(&output)
        return output
    }

    private func admit(_ message: IncomingMessage, _ output: inout Output) {
        let run = MessageRun(message)
        guard !inbox.add(run) else { return }
        run.refuse(Overload.queueFull)
        leave(run, &output)
    }

    /// Lets leave what is answered.
    private func leave(_ run: MessageRun, _ output: inout Output) {
        for answer in run.answers {
            vitals.count(answer)
            ActivityLog.note(answer, log)
        }
        output.replies.append(run.reply)
    }

    /// Takes what channels reported until they ended, so that their last answers are not in doubt
    /// at the next start.
    ///
    /// To be called once, when the channels have ended; nothing is sent any more.
    public func finish() -> [Event] {
        reports += gateway.takeReports()
        channels.refresh(gateway.channels)
        do throws(StoreError) {
            let events = try transaction { session, _ in
                let turn = try Turn(
                    session, catalog: catalog, channels: channels.availability, now: clock.now)
                try takeReports(turn, EnrollmentRunner(turn: turn, instance: identity.instance))
                return turn.effects.events
            }
            feed = store.feed
            return events
        } catch {
            log.error("The last answers could not be stored", metadata: ["error": "\(error)"])
            return []
        }
    }

    /// What a turn came to, once it is committed.
    private struct Done {
        let effects: Effects
        /// What channels said of themselves for the first time, which it stored.
        let learned: [KnownChannel]
        let hasWritten: Bool
        let nextDue: Instant?
        /// The channels that `nextDue` takes into account.
        let openLanes: [String]
        /// The moment of the clock that it stored; nil for none.
        let clock: Instant?
    }

    /// Runs `body` in a transaction; where something of it breaks a rule of the database, once again, with
    /// each attempt by itself: that one fails alone.
    private func transaction<T>(_ body: (StoreSession, _ isAgain: Bool) throws -> T)
        throws(StoreError) -> T
    {
        do throws(StoreError) {
            return try store.transaction { try body($0, false) }
        } catch {
            guard error.breaksRule else { throw error }
            return try store.transaction(writesEachAttempt: true) { try body($0, true) }
        }
    }

    private func work(_ session: StoreSession, isAgain: Bool) throws -> Done {
        let turn = try Turn(
            session, catalog: catalog, channels: channels.availability, now: clock.now)
        let runner = EnrollmentRunner(turn: turn, instance: identity.instance)
        let learned = channels.news
        for channel in learned { try session.put(channel) }
        try takeReports(turn, runner)
        let execution = execution(turn, runner, writesRefused: nil)
        if isAgain {
            try workAgain { try execution.execute($0, until: $1) }
        } else {
            try workOff { try execution.execute($0, until: $1) }
        }
        // What was decided so far is not on the budget of what is due.
        try session.writeOut()
        let scheduler = Scheduler(turn: turn, runner: runner, log: log)
        let lanes = scheduler.openLanes
        if session.changesEnrollments || lanes != openLanes || isSomethingDue {
            try scheduler.runDue(within: TurnBudget(clock))
        }
        try housekeeping.runIfDue(session, now: turn.now, elapsed: clock.elapsed)
        let clockStored = try storeClock(turn)
        if health.isInDoubt { try session.setMeta("probe", turn.now.rfc3339) }
        let hasWritten = session.hasChanged
        let nextLanes = scheduler.openLanes
        let isDueKnown = !session.changesEnrollments && nextLanes == openLanes
        return Done(
            effects: turn.effects, learned: learned, hasWritten: hasWritten,
            nextDue: isDueKnown ? nextDue : try scheduler.nextDue(), openLanes: nextLanes,
            clock: clockStored)
    }

    private var isSomethingDue: Bool { nextDue.map { $0 <= clock.now } ?? false }

    /// Lets `execute` work on what is in the inbox, as much as one turn may, the clients in turn.
    private func workOff(_ execute: (MessageRun, _ isOver: () -> Bool) throws -> Void) rethrows {
        var budget = TurnBudget(clock)
        while !budget.isSpent, let run = inbox.front {
            if run.beginTurn() { underWork.append(run) }
            let sliceIsOver = budget.sliceIsOver
            try budget.spend {
                let before = run.replyBytes
                try execute(run, sliceIsOver)
                return run.replyBytes - before
            }
            inbox.rotate()
        }
    }

    /// Lets `execute` work once more on what the turn has worked on: what the lines were answered with was
    /// undone with the transaction.
    private func workAgain(_ execute: (MessageRun, _ isOver: () -> Bool) throws -> Void) rethrows {
        for run in underWork {
            let reached = run.rewind()
            try execute(run) { run.begun >= reached }
        }
    }

    private func execution(_ turn: Turn, _ runner: EnrollmentRunner, writesRefused: CommandError?)
        -> CommandExecution
    {
        CommandExecution(
            turn: turn, runner: runner, clock: clock, gateway: gateway, identity: identity,
            vitals: vitals, log: log,
            writesRefused: writesRefused)
    }

    /// Takes all reports at once; where one of them cannot be taken, each by itself, so that it spoils
    /// no other.
    private func takeReports(_ turn: Turn, _ runner: EnrollmentRunner) throws {
        guard !reports.isEmpty else { return }
        let doubts = DoubtResolver(turn: turn, runner: runner, inFlight: inFlight)
        let intake = ReportIntake(turn: turn, runner: runner, doubts: doubts)
        do {
            try turn.attempt { for report in reports { try intake.take(report) } }
        } catch {
            if StoreError(error) != nil { throw error }
            for report in reports { try takeAlone(report, turn, intake) }
        }
    }

    private func takeAlone(_ report: GatewayReport, _ turn: Turn, _ intake: ReportIntake) throws {
        do {
            try turn.attempt { try intake.take(report) }
        } catch {
            if StoreError(error) != nil { throw error }
            try intake.giveUp(report)
        }
    }

    /// Lets leave what is committed.
    private func leave(_ done: Done, _ output: inout Output) {
        for case .queryAnswer(_, let key, _) in reports { questions.remove(key) }
        reports = []
        channels.stored(done.learned)
        catalog.commit()
        feed = store.feed
        nextDue = done.nextDue
        openLanes = done.openLanes
        storedClock = done.clock ?? storedClock
        let effects = done.effects
        for address in effects.answered { inFlight.remove(address) }
        for message in effects.sends {
            inFlight.insert(message.address)
            gateway.send(message)
        }
        for acknowledgement in effects.acknowledgements {
            gateway.acknowledge(acknowledgement.eventID, on: acknowledgement.channel)
        }
        for query in effects.queries where questions.insert(query.key).inserted {
            gateway.query(key: query.key, on: query.channel)
        }
        output.events = effects.events
        for event in effects.events { ActivityLog.note(event, log) }
        output.keysChanged = effects.keysChanged
    }

    /// The store failed: nothing of the turn happened.
    private func fail(_ error: StoreError) {
        health.failed(error, at: clock.elapsed, log)
        vitals.failed(error)
        let refusal = CommandError(error)
        workAgain { read($0, refusal, until: $1) }
        inbox.rotate()
        inbox.dropRefused()
        workOff { read($0, refusal, until: $1) }
    }

    /// Executes what only reads, and refuses what writes; a page that cannot be read spoils no other message.
    private func read(_ run: MessageRun, _ refusal: CommandError, until isOver: () -> Bool) {
        do throws(StoreError) {
            try store.reading { session in
                let turn = try Turn(
                    session, catalog: catalog, channels: channels.availability, now: clock.now)
                let runner = EnrollmentRunner(turn: turn, instance: identity.instance)
                try execution(turn, runner, writesRefused: refusal).execute(run, until: isOver)
            }
        } catch {
            let reading = HealthReading(
                vitals: vitals, clock: clock, gateway: gateway, head: feed.head)
            StorelessAnswers(reading: reading, refusal: CommandError(error)).answer(run)
        }
    }

    /// Answers what is answered, and keeps what waits.
    private func answer(_ output: inout Output) {
        for run in underWork {
            run.endTurn()
            guard run.isExecuted else { continue }
            if run.isWaiting {
                if waiting.add(run) { continue }
                run.refuse(Overload.waitingFull)
            }
            leave(run, &output)
        }
        underWork = []
    }

    // MARK: Waiting

    /// Answers those who wait for what has come, as many as one turn may; where the store fails they go
    /// on waiting.
    private func wakeWaiting(_ output: inout Output) {
        waitersLeft = false
        guard !waiting.runs.isEmpty else { return }
        let checksKey = output.keysChanged
        do throws(StoreError) {
            try store.reading { session in
                let reading = try Turn(
                    session, catalog: catalog, channels: channels.availability, now: clock.now)
                let runner = EnrollmentRunner(turn: reading, instance: identity.instance)
                try wake(execution(reading, runner, writesRefused: nil), checksKey: checksKey)
            }
            waitersFailed = false
        } catch {
            if !waitersFailed {
                log.error("Waiting clients cannot be answered", metadata: ["error": "\(error)"])
            }
            waitersFailed = true
        }
        for run in waiting.takeAnswered() { leave(run, &output) }
    }

    private func wake(_ execution: CommandExecution, checksKey: Bool) throws {
        var budget = TurnBudget(clock)
        for run in waiting.runs {
            // A key that was revoked is refused in the same turn, however many wait.
            waitersLeft = budget.isSpent && !checksKey
            if waitersLeft { return }
            try budget.spend {
                let before = run.replyBytes
                try wake(run, execution.context(nil, nil, for: run.caller), checksKey: checksKey)
                return run.replyBytes - before
            }
        }
    }

    private func wake(_ run: MessageRun, _ context: CommandContext, checksKey: Bool) throws {
        for (index, line) in run.lines.enumerated() {
            guard case .waiting(let request, let waiting) = line else { continue }
            let answer = try reply(to: waiting, context)
            guard checksKey || answer != nil else { continue }
            let refusal = try Authorization(session: context.session)
                .refusal(of: request, from: context.caller)
            guard let reply = refusal ?? answer else { continue }
            run.answer(
                index,
                Reply(
                    id: request.id, reply.outcome, seq: reply.seq, op: request.op))
        }
    }

    private func reply(to waiting: Waiting, _ context: CommandContext) throws -> Reply? {
        switch waiting {
        case .clock(let moment):
            guard clock.now >= moment, isQuiet else { return nil }
            return Reply(id: nil, .success(["now": .string(clock.now.rfc3339)]), seq: feed.head)
        case .events(let read, let until):
            let isOver = clock.elapsed >= until
            guard isOver || feed.hasNews(for: read) else { return nil }
            do {
                let result = try read.read(context)
                let isEmpty = result["events"]?.array?.isEmpty ?? true
                return isEmpty && !isOver ? nil : Reply(id: nil, .success(.object(result)))
            } catch let error as CommandError {
                return Reply(id: nil, .failure(error))
            }
        }
    }

    /// Whether nothing is due, no channel has anything to answer, and none is about to come up.
    private var isQuiet: Bool {
        let isAnswered = inFlight.isEmpty && questions.isEmpty && reports.isEmpty
        return !isSomethingDue && isAnswered && !channels.availability.isAnyStarting
    }

    // MARK: Time

    /// Moves a simulated clock to the next thing that is due, or to where a client wants it, once
    /// everything that was due before is done.
    private func moveSimulatedClock() {
        guard clock.kind == .simulated, let target = clockTarget, isQuiet, clock.now < target else {
            return
        }
        clock.move(to: min(nextDue ?? target, target))
    }

    private var clockTarget: Instant? {
        waiting.reasons.lazy.compactMap { reason in
            if case .clock(let moment) = reason { moment } else { nil }
        }.max()
    }

    /// Stores where a clock is that is not the machine's.
    /// - Returns: where that is; nil where there was nothing to store.
    private func storeClock(_ turn: Turn) throws -> Instant? {
        guard clock.kind != .system, storedClock != turn.now else { return nil }
        let effects = turn.effects
        guard clock.kind == .simulated || !effects.events.isEmpty || !effects.sends.isEmpty else {
            return nil
        }
        try turn.session.setMeta("clock", String(turn.now.milliseconds))
        return turn.now
    }

    /// How long it may be until ``turn(_:)`` is called again, in real time; zero where work is left.
    public var nextTurn: Duration {
        if !inbox.isEmpty || waitersLeft { return .zero }
        if let attempt = health.nextAttempt { return max(.zero, attempt - clock.elapsed) }
        var next = WorkflowService.longestPause
        if let nextDue {
            if nextDue <= clock.now { return .zero }
            if let time = clock.realTime(until: nextDue) { next = min(next, time) }
        }
        if let target = clockTarget, isQuiet, clock.now <= target { return .zero }
        for case .events(_, let until) in waiting.reasons {
            next = min(next, max(.zero, until - clock.elapsed))
        }
        return next
    }

    /// A turn comes at least this often, so that a jump of the wall clock is noticed.
    private static let longestPause = Duration.milliseconds(250)

    /// Notes that all events up to `seq` were handed to subscribers.
    public func wasPublished(upTo seq: Int64) { vitals.published = max(vitals.published, seq) }

    /// Notes who is connected, for health and metrics.
    public func note(_ connections: ConnectionFacts) { vitals.connections = connections }

    /// The heartbeat that is to be published now.
    public var heartbeat: JSON {
        Event.heartbeat(head: feed.head, epoch: identity.epoch, at: clock.now)
    }
}
