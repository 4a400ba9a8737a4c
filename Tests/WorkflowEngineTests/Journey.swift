import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// Drives one enrollment through the pure machine as the service does.
///
/// It jumps from one due moment to the next, answers what the machine claims, and notes each thing
/// that happens as one line.
///
/// Moments are written as the contact's wall clock shows them, in 2026: `03-02 10:00`.
struct Journey {
    let timeline: Timeline
    var facts: Facts
    private(set) var now: Instant
    private(set) var enrollment: Enrollment
    /// What happened, such as `03-02 10:00 welcome sent sms`.
    private(set) var lines: [String] = []
    /// What the machine claimed, in order.
    private(set) var claims: [SendIntent] = []
    /// Whether lines show how far the wall clock is from UTC: `03-02 10:00-05:00`.
    var showsOffset = false
    /// What the channel says; nil leaves the message with it.
    var answer: (SendIntent) -> SendOutcome? = { _ in .sent }

    init(_ definition: JSON, at start: String, facts: Facts = .plain()) throws {
        timeline = Timeline(try WorkflowDefinition(json: definition, at: ""))
        self.facts = facts
        now = try facts.zone.moment(start)
        enrollment = Enrollment(id: 7, enrolled: now, signalFloor: 0)
    }

    /// An enrollment in a workflow of `steps`, which is left by `exits`.
    init(_ steps: [JSON], exits: [JSON] = [], at start: String, facts: Facts = .plain()) throws {
        try self.init(
            ["name": "test", "exits": .array(exits), "steps": .array(steps)], at: start,
            facts: facts)
    }

    /// Enrolls, and runs what is due at once.
    mutating func enroll() {
        decide {
            $0.begin()
            $0.proceed()
        }
    }

    /// Runs all that is due up to `limit`, or to the end; afterwards it is `limit`.
    mutating func run(to limit: String? = nil) throws {
        if enrollment.trail.isEmpty { enroll() }
        let limit = try limit.map(facts.zone.moment)
        // No life of a test has more decisions; one that goes round in circles is to fail.
        for _ in 0..<1_000 {
            guard let due = enrollment.due, enrollment.lane == .schedule,
                limit.map({ due <= $0 }) ?? true
            else { break }
            now = max(now, due)
            decide { $0.proceed() }
        }
        if let limit { now = max(now, limit) }
    }

    /// Lets time pass without the service: nothing is decided until it is `moment`.
    mutating func sleep(to moment: String) throws { sleep(until: try facts.zone.moment(moment)) }

    /// The same, up to an instant: a wall time that happens twice names only the first one.
    mutating func sleep(until moment: Instant) { now = moment }

    /// Looks at the enrollment now, as when its facts have changed.
    mutating func wake() { decide { $0.proceed() } }

    /// A signal comes now, behind what was reached already, or at `moment`.
    mutating func signal(_ name: String, _ data: JSONObject = [:], at moment: String? = nil) throws
    {
        let at = try moment.map(facts.zone.moment) ?? max(now, enrollment.trail.last?.at ?? now)
        facts.signals.append(
            Signal(number: Int64(facts.signals.count + 1), name: name, at: at, data: data))
        wake()
    }

    /// The channel speaks of the claim numbered `index`, from 0.
    mutating func settle(_ index: Int = 0, _ outcome: SendOutcome) {
        let message = claims[index].message
        decide { $0.settle(message, outcome) }
    }

    /// A person says what became of the claim numbered `index`.
    mutating func resolve(_ index: Int = 0, _ outcome: SendOutcome) {
        let message = claims[index].message
        decide { $0.settle(message, outcome, byPerson: true) }
    }

    /// The message in doubt is sent again.
    mutating func repeatDoubtful() { decide { $0.repeatDoubtful() } }

    /// The message is sent again, which the channel never saw.
    mutating func repeatUnseen(_ message: MessageAddress) { decide { $0.repeatUnseen(message) } }

    /// A person says that the message in doubt did not go and is to go again.
    mutating func resend() { decide { $0.resend() } }

    /// Ends the enrollment by command.
    mutating func unenroll() { decide { $0.unenroll() } }

    private mutating func decide(_ decision: (inout EnrollmentMachine) -> Void) {
        var pending: [(MessageAddress, SendOutcome)] = []
        perform(decision, &pending)
        while !pending.isEmpty {
            let (message, outcome) = pending.removeFirst()
            perform({ $0.settle(message, outcome) }, &pending)
        }
    }

    private mutating func perform(
        _ decision: (inout EnrollmentMachine) -> Void,
        _ pending: inout [(MessageAddress, SendOutcome)]
    ) {
        let before = enrollment
        var machine = EnrollmentMachine(
            timeline: timeline, enrollment: enrollment, facts: facts, now: now)
        decision(&machine)
        enrollment = machine.enrollment
        facts.signals = machine.facts.signals
        facts.suppression = machine.facts.suppression
        for happening in machine.happenings {
            note(happening)
            guard case .claimed(let intent) = happening else { continue }
            claims.append(intent)
            if let outcome = answer(intent) { pending.append((intent.message, outcome)) }
        }
        DecisionRules(timeline: timeline, facts: facts, now: now)
            .check(machine.happenings, from: before, to: enrollment)
    }

    private mutating func note(_ happening: Happening) {
        guard let text = line(for: happening) else { return }
        let offset =
            showsOffset ? now.text(offsetSeconds: facts.zone.offset(at: now)).dropFirst(19) : ""
        lines.append("\(facts.zone.text(now))\(offset) \(text)")
    }

    private func line(for happening: Happening) -> String? {
        switch happening {
        case .passed(_, .delay), .passed(_, .exit), .signalled, .takenBack: nil
        case .passed(let node, .branch(let path)): "\(id(node)) took \(path)"
        case .passed(_, .flag(let name, _)): "raised \(name)"
        case .held(let node, let reason, _): "\(id(node)) held \(reason.code)"
        case .skipped(let node, let reason, let detail):
            "\(id(node)) skipped \(reason.rawValue)" + (detail.map { " \($0)" } ?? "")
        case .claimed(let intent):
            answer(intent) == .sent
                ? nil : "\(intent.step) sending \(intent.channel) \(intent.attempt)"
        case .settled(let message, let outcome, let isFinal):
            "\(id(message.node)) \(outcome.word)\(isFinal ? "" : " for now")"
                + " \(channel(of: message))"
        case .suppressed(let channel): "opted out of \(channel)"
        case .ended(let inFlight): ending + (inFlight ? " in flight" : "")
        }
    }

    private var ending: String {
        ([enrollment.status.name] + (enrollment.exit.map { [$0] } ?? [])).joined(separator: " ")
    }

    private func id(_ node: Int) -> String { timeline.nodes[node].step.id }

    private func channel(of message: MessageAddress) -> String {
        guard case .message(let step) = timeline.nodes[message.node].step.action else { return "?" }
        return step.variants[message.variant].channel
    }
}

extension SendOutcome {
    fileprivate var word: String {
        switch self {
        case .accepted: "accepted"
        case .sent: "sent"
        case .delivered: "delivered"
        case .failed(let failure): "failed \(failure.kind.rawValue)"
        case .unknown: "unknown"
        }
    }
}

extension ZoneCalendar {
    /// The moment in 2026 at which this clock shows `text`.
    func moment(_ text: String) throws -> Instant {
        let parts = text.split(separator: " ").map(String.init)
        let date = try #require(CalendarDate(iso: "2026-" + parts[0]))
        return instant(of: date, at: try #require(WallTime(text: parts[1])))
    }

    /// What this clock shows at `moment`, without the year.
    func text(_ moment: Instant) -> String {
        let text = moment.text(offsetSeconds: offset(at: moment))
        return String(text.dropFirst(5).prefix(11)).replacing("T", with: " ")
    }
}
