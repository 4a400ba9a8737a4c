/// What became of one check.
public struct CheckResult: Sendable {
    /// What can become of a check.
    public enum Outcome: Hashable, Sendable {
        /// The channel keeps the rule.
        case passed
        /// It breaks the rule; what was seen.
        case failed(String)
        /// It does not do what a careful channel would; what was seen.
        case noted(String)
        /// The check does not apply, or could not be made; why.
        case skipped(String)
    }

    /// The check.
    public let check: Check
    /// What became of it.
    public let outcome: Outcome
    /// How long it took.
    public let duration: Duration
}

/// What became of all checks.
public struct CheckReport: Sendable {
    /// The program and version that the channel gave as its own, or the executable's path.
    public let subject: String
    /// The results, in the order in which the checks ran.
    public let results: [CheckResult]

    /// How many checks passed.
    public var passed: Int { results.count { $0.outcome == .passed } }
    /// How many failed.
    public var failed: Int {
        results.count { if case .failed = $0.outcome { true } else { false } }
    }
    /// How many left a note.
    public var noted: Int { results.count { if case .noted = $0.outcome { true } else { false } } }
    /// How many were skipped.
    public var skipped: Int {
        results.count { if case .skipped = $0.outcome { true } else { false } }
    }
}
