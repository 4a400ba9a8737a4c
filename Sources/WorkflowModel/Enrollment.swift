/// One contact going through one version of a workflow, for one record: all that the engine has to
/// remember between two decisions.
public struct Enrollment: Hashable, Sendable {
    /// Whether it goes on, and how it ended.
    public enum Status: Int, Hashable, Sendable, CaseIterable {
        case active = 0
        case finished
        case exited
        case unenrolled

        /// The name in the protocol.
        public var name: String {
            switch self {
            case .active: "active"
            case .finished: "finished"
            case .exited: "exited"
            case .unenrolled: "unenrolled"
            }
        }
    }

    /// What it does at its step.
    public enum Phase: Int, Hashable, Sendable {
        /// It has reached the step, which is to be worked on as soon as it is due.
        case arrived = 0
        /// A delay runs.
        case delaying
        /// A branch waits for one of its paths.
        case branching
        /// A message waits: for quiet hours, for its channel, for another attempt.
        case held
        /// A message's intent is committed; the channel's answer is awaited.
        case sending
        /// Nobody knows whether a message went; the channel or a person has to say.
        case unknown
    }

    /// Where it waits for its turn.
    public enum Lane: Hashable, Sendable {
        /// For a moment in time.
        case schedule
        /// For room in a channel's window.
        case channel(String)
        /// For the workflow to be active again.
        case halted
        /// For an answer or a person; it has no due moment.
        case parked
    }

    /// A step that was reached.
    public struct Visit: Hashable, Sendable {
        /// The step's number in its version's timeline.
        public var node: Int
        /// When the contact reached it, whatever was planned: behind each step and each signal before it.
        public var at: Instant

        /// A visit of `node` at `at`.
        public init(node: Int, at: Instant) {
            self.node = node
            self.at = at
        }
    }

    /// The number under which it is stored.
    public var id: Int64
    /// Whether it goes on.
    public var status: Status
    /// What it does at its step.
    public var phase: Phase
    /// The number of its step in its version's timeline; the count of steps where it ended behind the last.
    public var node: Int
    /// When it was enrolled.
    public var enrolled: Instant
    /// When it reached its step by plan: the planned moment of a message, which may lie before the moment
    /// at which it was reached.
    public var planned: Instant
    /// ``planned``, moved on by the time for which quiet hours held its message: what lateness counts from.
    public var reached: Instant
    /// When it is to be looked at next; nil where only an event can move it.
    public var due: Instant?
    /// Where it waits.
    public var lane: Lane
    /// Which variant of its message is tried: 0 the primary, 1 the fallback.
    public var variant: Int
    /// How often the variant was handed to its channel.
    public var attempt: Int
    /// Why it waits, where it is not simply its time.
    public var hold: HoldReason?
    /// The steps that it reached, in order; the last is ``node`` while it is active.
    public var trail: [Visit]
    /// The name of the exit that ended it, where one did.
    public var exit: String?
    /// The last signal of its contact that came before it, by number.
    public var signalFloor: Int64

    /// A contact that has just been enrolled and stands before the first step, which its trail does not
    /// show yet.
    public init(id: Int64, enrolled: Instant, signalFloor: Int64) {
        self.id = id
        status = .active
        phase = .arrived
        node = 0
        self.enrolled = enrolled
        planned = enrolled
        reached = enrolled
        due = enrolled
        lane = .schedule
        variant = 0
        attempt = 0
        trail = []
        self.signalFloor = signalFloor
    }
}

/// Why a message waits.
public enum HoldReason: Int, Hashable, Sendable, CaseIterable {
    case quietHours = 1
    case channelDown
    case halted
    case retry
    case inDoubt
    /// A person said that it did not go and is to go again.
    case resend

    /// Whether what was handed over before goes again with its key, whatever it waits for meanwhile.
    public var isRepetition: Bool { self == .inDoubt || self == .resend }

    /// The stable code in events and lists.
    public var code: String {
        switch self {
        case .quietHours: "quiet_hours"
        case .channelDown: "channel_down"
        case .halted: "workflow_halted"
        case .retry: "retry"
        case .inDoubt: "in_doubt"
        case .resend: "resend"
        }
    }
}

/// Why a message did not and will not go.
public enum SkipReason: String, Hashable, Sendable, CaseIterable {
    case late, superseded, suppressed
    case missingField = "missing_field"
    case tooLong = "too_long"
    case missingAddress = "missing_address"
    case channelUnknown = "channel_unknown"
}

/// The states of a workflow.
public enum WorkflowState: String, CaseIterable, Hashable, Sendable {
    case draft, active, paused, halted
}
