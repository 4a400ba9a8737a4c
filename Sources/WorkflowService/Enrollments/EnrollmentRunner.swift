import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// Lets the engine decide about stored enrollments, and stores what it decided.
///
/// Commands, due steps, signals and channels' answers all come through here.
struct EnrollmentRunner {
    let turn: Turn
    let instance: String

    /// Lets `decide` move the enrollment, and writes the result.
    /// - Returns: the enrollment as stored, and what happened.
    @discardableResult
    func run(
        _ stored: StoredEnrollment, contact: StoredContact? = nil,
        _ decide: (inout EnrollmentMachine) throws -> Void
    ) throws -> Result {
        let version = try turn.catalog.version(stored.version, turn.session)
        guard (0...version.timeline.end).contains(stored.enrollment.node) else {
            throw CatalogError.missingStep(stored.enrollment.node)
        }
        let facts = try FactsLoader(turn: turn).facts(
            for: stored, in: version.timeline, contact: contact)
        var machine = EnrollmentMachine(
            timeline: version.timeline, enrollment: stored.enrollment, facts: facts, now: turn.now)
        try decide(&machine)
        return try store(machine, stored, version)
    }

    /// Lets `decide` move each of `enrollments` by itself: one that cannot go on, a damaged row for instance,
    /// stays as it was and holds up no other.
    /// - Throws: ``StoreError`` alone.
    @discardableResult
    func runEach(
        _ enrollments: [StoredEnrollment], _ decide: (inout EnrollmentMachine) throws -> Void
    ) throws -> [Result] {
        try enrollments.compactMap { stored in
            do {
                return try turn.attempt { try run(stored, decide) }
            } catch {
                if StoreError(error) != nil { throw error }
                return nil
            }
        }
    }

    /// What came of a decision.
    struct Result {
        let stored: StoredEnrollment
        let happenings: [Happening]

        /// Whether a branch took a path.
        var branched: Bool {
            happenings.contains { if case .passed(_, .branch) = $0 { true } else { false } }
        }
    }

    private func store(_ machine: EnrollmentMachine, _ stored: StoredEnrollment, _ version: Version)
        throws -> Result
    {
        var result = stored
        result.enrollment = machine.enrollment
        if result.enrollment.status != .active, stored.ended == nil { result.ended = turn.now }
        if result.enrollment != stored.enrollment { try turn.session.update(result) }
        let recorder = HappeningRecorder(
            turn: turn, before: stored, after: result, version: version, facts: machine.facts,
            instance: instance)
        for happening in machine.happenings { try recorder.record(happening) }
        recorder.countMovement()
        return Result(stored: result, happenings: machine.happenings)
    }
}
