/// What became of something that a channel reported by itself, or answered.
public enum ReportOutcome: String, CaseIterable, Hashable, Sendable {
    /// It did what it says.
    case taken
    /// It had come before.
    case repeated
    /// It names a message that is none of its channel's, or none at all.
    case stray
    /// It is about somebody whom no contact's address names.
    case unmatched
    /// It could not be taken.
    case failed
}
