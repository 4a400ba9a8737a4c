/// One step of a workflow.
public struct Step: Hashable, Sendable {
    /// Its name for commands and events; unique in its workflow, 1 to 64 of `a-z A-Z 0-9 _ -`.
    public var id: String
    /// What office staff call it, where they gave it a name.
    public var name: String?
    /// What it does.
    public var action: StepAction

    /// A step that does `action`.
    public init(id: String, name: String? = nil, action: StepAction) {
        self.id = id
        self.name = name
        self.action = action
    }
}

/// What a step does.
public indirect enum StepAction: Hashable, Sendable {
    case message(MessageStep)
    case delay(DelayStep)
    case branch(BranchStep)
    case flag(name: String, note: String?)
    case exit(reason: String?)

    /// The kind's name in definitions and events.
    public var kind: String {
        switch self {
        case .message: "message"
        case .delay: "delay"
        case .branch: "branch"
        case .flag: "flag"
        case .exit: "exit"
        }
    }
}

/// Hands a message to a channel and waits for its answer.
public struct MessageStep: Hashable, Sendable {
    /// What to send over which channel.
    public struct Variant: Hashable, Sendable {
        /// The channel's name, such as `sms`.
        public var channel: String
        /// The texts by name, such as `subject` and `text`, sorted by name.
        public var content: [Part]

        /// A message over `channel`.
        public init(channel: String, content: [Part]) {
            self.channel = channel
            self.content = content
        }
    }

    /// One text of a message.
    public struct Part: Hashable, Sendable {
        /// Its name, such as `text`.
        public var name: String
        /// Its text with merge fields.
        public var template: MessageTemplate

        /// A text called `name`.
        public init(name: String, template: MessageTemplate) {
            self.name = name
            self.template = template
        }
    }

    /// What happens to a message that had to wait for quiet hours.
    public enum QuietHoursPolicy: String, CaseIterable, Hashable, Sendable {
        case hold, ignore
    }

    /// What happens behind a message that failed for good.
    public enum FailurePolicy: String, CaseIterable, Hashable, Sendable {
        case `continue`, exit
    }

    /// What to send first.
    public var primary: Variant
    /// What to send where the first cannot go.
    public var fallback: Variant?
    /// How much later than planned it may still go; nil stands for ``defaultMaxLateness``.
    public var maxLateness: DurationAmount?
    /// A moment or a day of the contact or the record behind which it must not go any more.
    public var notAfter: FieldPath?
    /// Whether quiet hours hold it.
    public var quietHours: QuietHoursPolicy
    /// What happens behind it when it failed for good.
    public var onFailure: FailurePolicy

    /// The lateness that is allowed where the author gave none: 24 hours.
    public static let defaultMaxLateness = DurationAmount(hours: 24)

    /// A message step of the given parts.
    public init(
        primary: Variant, fallback: Variant? = nil, maxLateness: DurationAmount? = nil,
        notAfter: FieldPath? = nil,
        quietHours: QuietHoursPolicy = .hold, onFailure: FailurePolicy = .continue
    ) {
        self.primary = primary
        self.fallback = fallback
        self.maxLateness = maxLateness
        self.notAfter = notAfter
        self.quietHours = quietHours
        self.onFailure = onFailure
    }

    /// The variants in the order in which they are tried.
    public var variants: [Variant] { fallback.map { [primary, $0] } ?? [primary] }
}

/// Waits.
public struct DelayStep: Hashable, Sendable {
    /// How long, until what time, on which days.
    public var rule: DelayRule
    /// What it counts from.
    public var from: Origin?

    /// What a delay counts from, other than the moment the contact reaches it.
    public enum Origin: Hashable, Sendable {
        /// The moment of enrollment.
        case enrolled
        /// A date or a moment in a field of the contact or the record.
        case field(FieldPath)
    }

    /// A delay of `rule` from `from`, or from the moment the contact reaches it.
    public init(rule: DelayRule, from: Origin? = nil) {
        self.rule = rule
        self.from = from
    }
}

/// Chooses the first path whose condition holds.
public struct BranchStep: Hashable, Sendable {
    /// One way on.
    public struct Path: Hashable, Sendable {
        /// Its name; unique in its branch, and not `otherwise`.
        public var name: String
        /// When it is taken.
        public var when: Condition
        /// What happens on it.
        public var steps: [Step]

        /// A path called `name`.
        public init(name: String, when: Condition, steps: [Step]) {
            self.name = name
            self.when = when
            self.steps = steps
        }
    }

    /// The paths, tried in order.
    public var paths: [Path]
    /// What happens where no path's condition holds.
    public var otherwise: [Step]
    /// How long to wait for a condition to hold; nil decides at once.
    public var within: DurationAmount?

    /// The name under which commands and events speak of ``otherwise``.
    public static let otherwiseName = "otherwise"

    /// A branch of the given parts.
    public init(paths: [Path], otherwise: [Step] = [], within: DurationAmount? = nil) {
        self.paths = paths
        self.otherwise = otherwise
        self.within = within
    }
}
