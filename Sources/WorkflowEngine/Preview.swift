public import WorkflowModel

/// What would happen at one step.
public struct PreviewStep: Hashable, Sendable {
    /// The paths taken at the branches before it, outermost first.
    public let paths: [Choice]
    /// The step's id.
    public let step: String
    /// The step's kind.
    public let kind: String
    /// When it was to happen by plan.
    public let planned: Instant
    /// When it would happen.
    public let at: Instant
    /// What would come of it.
    public let outcome: Outcome

    /// A path taken at a branch.
    public struct Choice: Hashable, Sendable {
        /// The branch's id.
        public let branch: String
        /// The path's name.
        public let path: String
    }

    /// What would come of a step.
    public enum Outcome: Hashable, Sendable {
        case sent(SendIntent, heldFor: HoldReason?)
        case skipped(SkipReason, detail: String?)
        case passed(Passage)
        /// Nobody knows: its channel never said what it is. Nothing behind it is shown.
        case waits(HoldReason)
    }

    fileprivate var textBytes: Int {
        guard case .sent(let intent, _) = outcome else { return 0 }
        return intent.content.reduce(0) { $0 + $1.text.utf8.count }
    }
}

/// Follows an enrollment ahead of time through the same machine that moves real ones.
///
/// With signals it follows the one way that they lead; without, every path of every branch: a path is
/// taken at once, `otherwise` when the branch has waited as long as it may.
public struct Preview {
    private let timeline: Timeline
    private let signals: [Signal]?
    private var steps: [PreviewStep] = []
    private var textBytes = 0

    /// The most steps that a preview shows; branches behind branches multiply.
    public static let limit = 400
    /// With so many bytes of text a preview ends too; a workflow without branches has fewer.
    public static let textLimit = 2 << 20

    /// Whether `steps` are all that a preview shows, so that there may be more.
    public static func isFull(_ steps: [PreviewStep]) -> Bool {
        steps.count >= limit || steps.reduce(0) { $0 + $1.textBytes } >= textLimit
    }

    private var isFull: Bool { steps.count >= Preview.limit || textBytes >= Preview.textLimit }

    /// Previews `timeline` for a contact that is enrolled at `start` under `facts`.
    public static func steps(
        of timeline: Timeline, facts: Facts, start: Instant, signals: [Signal]?
    ) -> [PreviewStep] {
        var preview = Preview(timeline: timeline, signals: signals?.sorted { $0.at < $1.at })
        var enrollment = Enrollment(id: 0, enrolled: start, signalFloor: 0)
        enrollment.trail = [.init(node: 0, at: start)]
        preview.follow(Walk(enrollment: enrollment, facts: facts, now: start))
        return preview.steps
    }

    private init(timeline: Timeline, signals: [Signal]?) {
        self.timeline = timeline
        self.signals = signals
    }

    /// A place on the way.
    private struct Walk {
        var enrollment: Enrollment
        var facts: Facts
        var now: Instant
        var paths: [PreviewStep.Choice] = []
        /// Why the message at hand had to wait.
        var heldFor: HoldReason?
    }

    /// A branch on the way whose paths are followed one after the other.
    private struct Fork {
        let walk: Walk
        let branch: String
        var paths: ArraySlice<String>
    }

    /// Follows the first path of each branch to the end, then the other paths of the last branch that has any.
    ///
    /// The branches are kept here and not on the stack: 500 may stand in a row.
    private mutating func follow(_ start: Walk) {
        var forks: [Fork] = []
        var next: Walk? = start
        while !isFull {
            if let walk = next {
                if let fork = fork(behind: walk) { forks.append(fork) }
                next = nil
            } else if forks.isEmpty {
                return
            } else {
                next = path(of: &forks[forks.count - 1])
                if next == nil { forks.removeLast() }
            }
        }
    }

    /// Goes on from `start` to the end of the way, or to a branch of which every path is to be shown.
    private mutating func fork(behind start: Walk) -> Fork? {
        var walk = start
        while !isFull, walk.enrollment.status == .active {
            walk.facts.signals = signals?.filter { $0.at <= walk.now } ?? walk.facts.signals
            advance(&walk) { $0.proceed() }
            guard walk.enrollment.status == .active else { return nil }
            if walk.enrollment.phase == .branching, signals == nil {
                let step = timeline.nodes[walk.enrollment.node].step
                guard case .branch(let branch) = step.action else { return nil }
                return Fork(walk: walk, branch: step.id, paths: branch.lists.map(\.name)[...])
            }
            guard let due = walk.enrollment.due, due > walk.now else { return nil }
            let signal = signals?.first { $0.at > walk.now && $0.at < due }
            walk.now = signal?.at ?? due
        }
        return nil
    }

    /// The walk behind the next path of `fork`; nil when all have been followed.
    private mutating func path(of fork: inout Fork) -> Walk? {
        guard let name = fork.paths.popFirst() else { return nil }
        var next = fork.walk
        next.paths.append(PreviewStep.Choice(branch: fork.branch, path: name))
        let reached = next.enrollment.reached
        let moment = name == BranchStep.otherwiseName ? next.enrollment.due ?? reached : reached
        next.now = max(next.now, moment)
        advance(&next) { $0.take(path: name, at: moment) }
        return next
    }

    /// Lets `decide` move the enrollment, notes what happened, and answers every message with `sent`.
    private mutating func advance(_ walk: inout Walk, _ decide: (inout EnrollmentMachine) -> Void) {
        var next: MessageAddress?
        repeat {
            var machine = EnrollmentMachine(
                timeline: timeline, enrollment: walk.enrollment, facts: walk.facts, now: walk.now,
                pausesAtBranches: signals == nil)
            if let address = next { machine.settle(address, .sent) } else { decide(&machine) }
            next = nil
            for happening in machine.happenings {
                if case .claimed(let intent) = happening { next = intent.message }
                note(happening, &walk)
            }
            (walk.enrollment, walk.facts) = (machine.enrollment, machine.facts)
        } while next != nil
    }

    private mutating func note(_ happening: Happening, _ walk: inout Walk) {
        switch happening {
        case .passed(let node, let passage): append(node, .passed(passage), walk)
        case .skipped(let node, let reason, let detail):
            append(node, .skipped(reason, detail: detail), walk)
        case .held(let node, .channelDown, _): append(node, .waits(.channelDown), walk)
        case .held(_, let reason, _): walk.heldFor = reason
        case .claimed(let intent):
            append(
                intent.message.node, .sent(intent, heldFor: walk.heldFor), walk,
                planned: intent.planned)
            walk.heldFor = nil
        case .ended, .settled, .suppressed, .signalled, .takenBack: break
        }
    }

    private mutating func append(
        _ node: Int, _ outcome: PreviewStep.Outcome, _ walk: Walk, planned: Instant? = nil
    ) {
        guard !isFull else { return }
        let step = timeline.nodes[node].step
        steps.append(
            PreviewStep(
                paths: walk.paths, step: step.id, kind: step.action.kind,
                planned: planned ?? walk.now,
                at: walk.now, outcome: outcome))
        textBytes += steps.last?.textBytes ?? 0
    }
}
