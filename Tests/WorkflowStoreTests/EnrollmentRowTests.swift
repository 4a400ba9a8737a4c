import Foundation
import GRDB
import Testing
import WorkflowModel

@testable import WorkflowStore

/// Enrollments, and the index that the scheduler reads.
struct EnrollmentRowTests {
    private let scratch: Scratch
    private let store: Store

    init() throws {
        scratch = try Scratch()
        store = try scratch.open()
    }

    private static let phases: [Enrollment.Phase] = [
        .arrived, .delaying, .branching, .held, .sending, .unknown,
    ]

    @Test func anEnrollmentIsReadAsItWasWritten() throws {
        try store.transaction { session in
            for lane in [
                Enrollment.Lane.schedule, .halted, .parked, .channel("sms"), .channel("new one"),
            ] {
                for phase in EnrollmentRowTests.phases {
                    let stored = try session.enroll(contact: 3, record: 4, due: .at(77), lane: lane)
                    {
                        $0.phase = phase
                        $0.status = phase == .held ? .exited : .active
                        ($0.node, $0.variant, $0.attempt, $0.signalFloor) = (5, 1, 2, 9)
                        $0.reached = .at(-50)
                        $0.hold = .quietHours
                        $0.exit = "paid"
                        $0.trail = [.init(node: 0, at: .at(0)), .init(node: 5, at: .at(-50))]
                    }
                    let read = try session.enrollment(stored.enrollment.id)
                    #expect(read?.enrollment == stored.enrollment)
                    #expect(read?.contact == 3 && read?.record == 4 && read?.workflow == 1)
                }
            }
        }
    }

    @Test func numbersAreNeverGivenTwice() throws {
        let first = try store.transaction { try $0.enroll().enrollment.id }
        try store.transaction { try $0.db.execute(sql: "DELETE FROM enrollment") }
        #expect(try store.transaction { try $0.enroll().enrollment.id } == first + 1)
    }

    // MARK: Due

    @Test func theLongestDueComeFirst() throws {
        try store.transaction { session in
            for second in [30, 10, 20, 40] { try session.enroll(due: .at(second)) }
            try session.enroll(due: .at(5), lane: .channel("sms"))
            try session.enroll(due: nil)
            try session.enroll(due: nil, lane: .halted)
            let due = try session.due(in: .schedule, at: .at(30), limit: 10)
            #expect(due.map(\.enrollment.due) == [.at(10), .at(20), .at(30)])
            #expect(try session.due(in: .schedule, at: .at(30), limit: 2).count == 2)
            #expect(try session.due(in: .schedule, at: .at(9), limit: 2).isEmpty)
            #expect(try session.nextDue(in: .schedule) == .at(10))
            #expect(try session.nextDue(in: .channel("sms")) == .at(5))
            #expect(try session.nextDue(in: .channel("email")) == nil)
            #expect(try session.waiting(in: .schedule) == 4)
        }
    }

    @Test func theSchedulerReadsTheDueIndexAlone() throws {
        try store.transaction { session in
            try session.register(channels: ["sms"])
            for lane in [Enrollment.Lane.schedule, .channel("sms")] {
                let plans =
                    try plan(session) { _ = try $0.due(in: lane, at: .at(0), limit: 10) }
                    + plan(session) { _ = try $0.nextDue(in: lane) }
                #expect(plans.count == 2)
                for plan in plans {
                    #expect(
                        plan.contains("USING INDEX enrollment_due (lane=?")
                            || plan.contains("USING COVERING INDEX enrollment_due (lane=?"),
                        "\(plan)")
                    #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
                }
            }
        }
    }

    @Test func otherLookUpsUseTheirIndexes() throws {
        try store.transaction { session in
            let expected: [(String, (StoreSession) throws -> Void)] = [
                ("enrollment_contact", { _ = try $0.activeEnrollments(contact: 1, record: nil) }),
                ("enrollment_record", { _ = try $0.activeEnrollments(record: 1) }),
                (
                    "enrollment_contact",
                    { _ = try $0.latestEnrollment(workflow: 1, contact: 1, record: 0) }
                ),
                (
                    "contact_phone",
                    { _ = try $0.contacts(phone: "+12125550100", after: 1, limit: 9) }
                ),
                (
                    "contact_email",
                    { _ = try $0.contacts(email: "ann@example.com", after: 1, limit: 9) }
                ),
                (
                    "signal_contact",
                    {
                        _ = try $0.signals(
                            contact: 1, record: 0, enrollment: 1, after: 0, named: ["a.b"],
                            withData: [])
                    }
                ),
                ("message_open", { _ = try $0.openMessages(channel: "sms", state: .sending) }),
                (
                    "history_contact",
                    { _ = try $0.events(HistoryFilter(contact: 1), before: .max, limit: 1) }
                ),
            ]
            for (index, query) in expected {
                let plans = try plan(session, query)
                #expect(plans.contains { $0.contains(index) }, "\(index): \(plans)")
            }
        }
    }

    /// How SQLite would execute the statements of `query`.
    private func plan(_ session: StoreSession, _ query: (StoreSession) throws -> Void) throws
        -> [String]
    {
        var statements: [String] = []
        session.db.trace { event in
            if case .statement(let statement) = event { statements.append(statement.sql) }
        }
        try query(session)
        session.db.trace(options: [])
        return try statements.map { sql in
            let rows = try Row.fetchAll(
                session.db,
                SQLRequest(sql: "EXPLAIN QUERY PLAN " + sql, arguments: unbound(sql), adapter: nil))
            return rows.map { $0["detail"] as String }.joined(separator: "; ")
        }
    }

    /// A null for each parameter of `sql`.
    private func unbound(_ sql: String) -> StatementArguments {
        let numbered = (1...9).filter { sql.contains("?\($0)") }.max() ?? 0
        let anonymous = sql.split(separator: "?", omittingEmptySubsequences: false).dropFirst()
            .filter { $0.first.map { !$0.isNumber } ?? true }.count
        return StatementArguments(Array(repeating: nil as Int?, count: max(numbered, anonymous)))
    }

    // MARK: Waking

    @Test func aWorkflowThatIsActiveAgainWakesWhatItHeld() throws {
        try store.transaction { session in
            let held = try session.enroll(workflow: 1, lane: .halted)
            let other = try session.enroll(workflow: 2, lane: .halted)
            try session.wakeHalted(workflow: 1, at: .at(9))
            #expect(
                try session.due(in: .schedule, at: .at(9), limit: 9).map(\.enrollment.id) == [
                    held.enrollment.id
                ])
            #expect(try session.enrollment(other.enrollment.id)?.enrollment.lane == .halted)
        }
    }

    @Test func changedSettingsWakeAllButPausesBehindFailures() throws {
        try store.transaction { session in
            func enroll(_ phase: Enrollment.Phase, _ hold: HoldReason? = nil) throws -> Int64 {
                try session.enroll(due: .at(100)) { ($0.phase, $0.hold) = (phase, hold) }.enrollment
                    .id
            }
            let woken = [
                try enroll(.delaying), try enroll(.branching), try enroll(.held, .quietHours),
            ]
            _ = try enroll(.held, .retry)
            try session.wakeScheduled(at: .at(9))
            #expect(
                try session.due(in: .schedule, at: .at(9), limit: 9).map(\.enrollment.id) == woken)
        }
    }

    // MARK: Finding

    @Test func aRecordsSignalConcernsItsEnrollmentsAndThoseWithout() throws {
        try store.transaction { session in
            let plain = try session.enroll(contact: 1).enrollment.id
            let one = try session.enroll(contact: 1, record: 1).enrollment.id
            let two = try session.enroll(contact: 1, record: 2).enrollment.id
            try session.enroll(contact: 1, record: 1) { $0.status = .finished }
            try session.enroll(contact: 2, record: 1)
            func found(_ record: Int64?) throws -> [Int64] {
                try session.activeEnrollments(contact: 1, record: record).map(\.enrollment.id)
                    .sorted()
            }
            #expect(try found(1) == [plain, one])
            #expect(try found(2) == [plain, two])
            #expect(try found(nil) == [plain, one, two])
            #expect(try session.activeEnrollments(record: 1).count == 2)
            #expect(try session.activeEnrollments(record: 0).isEmpty)
        }
    }

    @Test func enrollmentsAreListedLatestFirst() throws {
        try store.transaction { session in
            var ids: [Int64] = []
            for index in 0..<5 {
                let stored = try session.enroll(
                    workflow: Int64(index % 2), contact: Int64(index / 3)
                ) {
                    if index == 4 { $0.status = .exited }
                }
                ids.append(stored.enrollment.id)
            }
            func listed(_ filter: EnrollmentFilter, before: Int64? = nil) throws -> [Int64] {
                try session.enrollments(filter, before: before, limit: 3).map(\.enrollment.id)
            }
            #expect(try listed(EnrollmentFilter()) == [ids[4], ids[3], ids[2]])
            #expect(try listed(EnrollmentFilter(), before: ids[2]) == [ids[1], ids[0]])
            #expect(try listed(EnrollmentFilter(contact: 1)) == [ids[4], ids[3]])
            #expect(try listed(EnrollmentFilter(workflow: 1)) == [ids[3], ids[1]])
            #expect(try listed(EnrollmentFilter(contact: 1, status: .active)) == [ids[3]])
            #expect(try session.count(workflow: 0, status: .active) == 2)
        }
    }
}
