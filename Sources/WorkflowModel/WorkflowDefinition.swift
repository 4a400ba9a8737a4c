/// What a workflow is: who enters, what happens to them in which order, and what ends it.
///
/// A definition is a tree without loops and dangling pointers: a branch holds the steps of its paths,
/// and after a path the flow goes on behind the branch.
public struct WorkflowDefinition: Hashable, Sendable {
    /// What office staff call it; 1 to 200 characters.
    public var name: String
    /// What it is for, in the author's words; may be empty.
    public var description: String
    /// How contacts get in besides by command.
    public var entry: Entry
    /// What ends an enrollment early, checked in this order.
    public var exits: [ExitRule]
    /// Whether a contact may come a second time.
    public var reentry: Reentry
    /// The steps, in order.
    public var steps: [Step]

    /// A definition of the given parts, which the caller has validated.
    public init(
        name: String, description: String = "", entry: Entry = Entry(), exits: [ExitRule] = [],
        reentry: Reentry = Reentry(), steps: [Step]
    ) {
        self.name = name
        self.description = description
        self.entry = entry
        self.exits = exits
        self.reentry = reentry
        self.steps = steps
    }
}

/// How contacts enter a workflow without a command.
public struct Entry: Hashable, Sendable {
    /// A signal with any of these enrolls its contact.
    public var triggers: [Trigger]
    /// The type of record that an enrollment is for, where it needs one.
    public var record: String?

    /// An entry of the given parts.
    public init(triggers: [Trigger] = [], record: String? = nil) {
        self.triggers = triggers
        self.record = record
    }
}

/// A signal that enrolls its contact.
public struct Trigger: Hashable, Sendable {
    /// The signal's name, such as `lead.created`.
    public var signal: String
    /// What its data have to be like.
    public var filter: [DataTest]

    /// A trigger on `signal` with data that pass `filter`.
    public init(signal: String, filter: [DataTest] = []) {
        self.signal = signal
        self.filter = filter
    }
}

/// A condition that ends an enrollment at once, wherever it stands.
public struct ExitRule: Hashable, Sendable {
    /// The name that events and statistics report; unique in its workflow.
    public var name: String
    /// When it fires.
    public var when: Condition

    /// An exit called `name`.
    public init(name: String, when: Condition) {
        self.name = name
        self.when = when
    }
}

/// Whether a contact may enter again with the same record.
public struct Reentry: Hashable, Sendable {
    /// The rules there are.
    public enum Rule: String, CaseIterable, Hashable, Sendable {
        case afterFinish = "after_finish"
        case never
    }

    /// The rule.
    public var rule: Rule
    /// How long after the last enrollment ended a new one is refused.
    public var cooldown: DurationAmount?

    /// A rule; by default a contact may enter again as soon as it is out.
    public init(rule: Rule = .afterFinish, cooldown: DurationAmount? = nil) {
        self.rule = rule
        self.cooldown = cooldown
    }
}
