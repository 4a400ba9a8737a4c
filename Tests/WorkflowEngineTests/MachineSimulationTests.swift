import Foundation
import JSONLines
import SeededNumbers
import Testing
import WorkflowEngine
import WorkflowModel

/// Random workflows for random contacts, while everything goes wrong that can.
///
/// ``DecisionRules`` are checked behind every decision, and here what concerns a whole life. A
/// failure names the seed: `WORKFLOW_SEED=... swift test` repeats it. `WORKFLOW_LIVES` are 400 unless
/// it says otherwise.
struct MachineSimulationTests {
    @Test func noLifeBreaksTheRules() throws {
        let environment = ProcessInfo.processInfo.environment
        let given = environment["WORKFLOW_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 0...UInt64(UInt32.max))
        let lives = environment["WORKFLOW_LIVES"].flatMap { Int($0) } ?? 400
        print("Machine simulation: WORKFLOW_SEED=\(seed)")
        var steps = 0
        for life in 0..<lives {
            var life = try SimulatedLife(seed: seed &+ UInt64(life) &* 1_000_003)
            try life.live()
            steps += life.claims
        }
        #expect(steps > 300, "WORKFLOW_SEED=\(seed)")
    }
}

/// The life of one enrollment.
private struct SimulatedLife {
    private var journey: Journey
    private var numbers: SeededNumbers
    private let seed: UInt64
    /// The claims that the channels have not answered yet, by number.
    private var open: [Int] = []
    private var succeeded: Set<MessageAddress> = []
    private var checked = 0

    var claims: Int { journey.claims.count }

    init(seed: UInt64) throws {
        self.seed = seed
        numbers = SeededNumbers(seed: seed)
        var random = RandomDefinition(seed: seed ^ 0xabcd)
        let zone = numbers.pick([
            "America/New_York", "Europe/London", "Asia/Tokyo", "Australia/Lord_Howe",
        ])
        var facts = numbers.chance(70) ? Facts.quiet(zone: zone) : .plain(zone: zone)
        facts.record = SimulatedLife.record(&numbers)
        if numbers.chance(15) { facts.contact["phone"] = nil }
        if numbers.chance(15) { facts.contact["email"] = nil }
        // Who opted out of one channel before is inside for the other.
        if numbers.chance(25) { facts.suppression.channels = [numbers.pick(["sms", "email"])] }
        journey = try Journey(
            random.definition(), at: numbers.pick(["03-06 10:00", "10-23 22:00", "03-28 01:30"]),
            facts: facts)
        journey.answer = { _ in nil }
    }

    private static func record(_ numbers: inout SeededNumbers) -> JSONObject {
        let day = Int64.random(in: 10...28, using: &numbers)
        var record: JSONObject = [
            "starts_at": .string("2026-03-\(day)T14:00:00Z"), "due": .string("2026-10-\(day)"),
            "balance": .integer(numbers.pick([1, 3, 9])),
        ]
        if numbers.chance(50) { record["note"] = "n" }
        return record
    }

    mutating func live() throws {
        journey.enroll()
        try check()
        for _ in 0..<60 where journey.enrollment.status == .active {
            try happen()
            try check()
        }
        try heal()
        #expect(journey.enrollment.status != .active, "seed \(seed): \(journey.enrollment)")
    }

    /// One random thing happens.
    private mutating func happen() throws {
        switch Int.random(in: 0..<100, using: &numbers) {
        case ..<40: answerOne()
        case ..<44: reportLate()
        case ..<60: due()
        case ..<68: due(late: numbers.pick([1, 20, 100]))
        case ..<74: try journey.signal(numbers.pick(RandomDefinition.signals))
        case ..<75: try journey.signal("job.booked")
        case ..<80: change { $0.record = SimulatedLife.record(&$1) }
        case ..<81: change { facts, _ in facts.record?["balance"] = 0 }
        case ..<82: change { $0.suppression.channels.insert($1.pick(["sms", "email"])) }
        case ..<85: change { facts, _ in facts.suppression = Suppression() }
        case ..<89: change { $0.workflowState = $1.pick([.active, .active, .halted, .paused]) }
        case ..<98:
            change {
                $0.set(
                    $1.pick(["sms", "email", "call_reminder"]),
                    $1.pick([.open, .busy, .down, .unheard]))
            }
        default: repeatDoubtful()
        }
    }

    private mutating func change(_ change: (inout Facts, inout SeededNumbers) -> Void) {
        change(&journey.facts, &numbers)
        journey.wake()
    }

    /// Time passes up to the next due moment, and some hours more.
    private mutating func due(late hours: Int = 0) {
        guard let due = journey.enrollment.due else { return }
        journey.sleep(until: max(due, journey.now) + .hours(hours))
        journey.wake()
    }

    private mutating func answerOne() {
        guard !open.isEmpty else { return }
        let outcome: SendOutcome = numbers.pick([
            .sent, .sent, .sent, .accepted, .delivered, .transient, .transient, .permanent, .config,
            .lost,
            .suppressed,
        ])
        settle(open.removeFirst(), outcome)
    }

    /// A channel speaks of a message that it has spoken of before: it went after all, or came back.
    private mutating func reportLate() {
        guard let claim = journey.claims.indices.randomElement(using: &numbers),
            !open.contains(claim)
        else { return }
        if succeeded.contains(journey.claims[claim].message) {
            settle(claim, numbers.pick([.delivered, .sent, .permanent, .suppressed]))
        } else {
            settle(claim, .delivered)
        }
    }

    private mutating func settle(_ claim: Int, _ outcome: SendOutcome) {
        let message = journey.claims[claim].message
        switch outcome {
        case .accepted, .sent, .delivered: succeeded.insert(message)
        case .failed, .unknown: break
        }
        journey.settle(claim, outcome)
    }

    /// The service does so only where no answer is on its way any more.
    private mutating func repeatDoubtful() {
        guard journey.enrollment.phase == .unknown else { return }
        open = []
        numbers.chance(50) ? journey.repeatDoubtful() : journey.resend()
    }

    /// Everything works again, and time passes to the end.
    private mutating func heal() throws {
        journey.facts.workflowState = .active
        for channel in ["sms", "email", "call_reminder"] { journey.facts.set(channel, .open) }
        for _ in 0..<400 where journey.enrollment.status == .active {
            switch journey.enrollment.phase {
            case .sending, .unknown:
                settle(journey.claims.count - 1, .sent)
            default:
                journey.wake()
                due()
            }
            try check()
        }
    }

    private mutating func check() throws {
        for (number, claim) in journey.claims.enumerated().dropFirst(checked) {
            #expect(
                !succeeded.contains(claim.message), "seed \(seed): sent twice: \(claim.message)")
            open.append(number)
        }
        checked = journey.claims.count
        let order = journey.claims.map(\.message.node)
        #expect(order == order.sorted(), "seed \(seed): the flow went back")
    }
}
