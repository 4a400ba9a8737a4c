import Logging
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Works on what is due: a bounded number of enrollments in each turn, the longest due first, so that
/// commands and answers are never kept waiting by a great number of due steps.
struct Scheduler {
    let turn: Turn
    let runner: EnrollmentRunner
    let log: Logger

    /// How many due enrollments one turn works on.
    static let batch = 512

    /// Works on one batch, or a part of it where that spends `budget`.
    func runDue(within budget: TurnBudget) throws {
        var budget = budget
        var left = Scheduler.batch
        left -= try run(in: .schedule, limit: left, &budget)
        for channel in turn.channels.names {
            let room = min(turn.channels.capacity(channel), left)
            guard room > 0 else { continue }
            left -= try run(in: .channel(channel), limit: room, &budget)
        }
    }

    private func run(in lane: Enrollment.Lane, limit: Int, _ budget: inout TurnBudget) throws
        -> Int
    {
        guard limit > 0, !budget.isSpent else { return 0 }
        let due = try turn.session.due(in: lane, at: turn.now, limit: limit)
        guard !due.isEmpty else { return 0 }
        let before = budget
        do {
            try turn.attempt {
                try work(on: due, &budget) { _ = try runner.run($0) { $0.proceed() } }
            }
        } catch {
            if StoreError(error) != nil { throw error }
            budget = before
            try work(on: due, &budget) { try runAlone($0) }
        }
        return due.count
    }

    private func work(
        on due: [StoredEnrollment], _ budget: inout TurnBudget,
        _ run: (StoredEnrollment) throws -> Void
    ) throws {
        for stored in due where !budget.isSpent {
            try budget.spend {
                try run(stored)
                return 0
            }
        }
    }

    /// Lets one enrollment go on.
    ///
    /// One that cannot is put off, so that it keeps nobody else waiting: a damaged row, for instance.
    private func runAlone(_ stored: StoredEnrollment) throws {
        do {
            _ = try turn.attempt { try runner.run(stored) { $0.proceed() } }
        } catch {
            if StoreError(error) != nil { throw error }
            let code = (error as? CommandError)?.code.rawValue ?? "\(type(of: error))"
            log.error(
                "An enrollment cannot go on",
                metadata: [
                    "enrollment": "\(EnrollmentID.text(stored.enrollment.id))", "code": "\(code)",
                ])
            var postponed = stored
            postponed.enrollment.due = turn.now + Scheduler.postponement
            try turn.session.update(postponed)
        }
    }

    /// How long an enrollment is put off that cannot go on.
    private static let postponement = TimeSpan.hours(1)

    /// The channels that take messages now.
    var openLanes: [String] { turn.channels.names.filter { turn.channels.capacity($0) > 0 } }

    /// When there is something to do next: in the past where a batch was not enough.
    func nextDue() throws -> Instant? {
        var next = try turn.session.nextDue(in: .schedule)
        for channel in openLanes {
            guard let due = try turn.session.nextDue(in: .channel(channel)) else { continue }
            next = min(next ?? due, due)
        }
        return next
    }
}
