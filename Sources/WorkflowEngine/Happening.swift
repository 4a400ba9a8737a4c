public import WorkflowModel

/// Something that a decision brought about, for the history and for the world outside.
public enum Happening: Hashable, Sendable {
    /// A delay, branch, flag or exit step was executed.
    case passed(node: Int, Passage)
    /// A message waits.
    case held(node: Int, HoldReason, until: Instant?)
    /// A message did not and will not go.
    case skipped(node: Int, SkipReason, detail: String?)
    /// A message is to be handed to its channel, once this decision is committed.
    case claimed(SendIntent)
    /// A channel said what became of a message; `isFinal` unless the same variant is tried again.
    case settled(MessageAddress, SendOutcome, isFinal: Bool)
    /// The attempt that a person ordered did not get through: it is to go again by the same word.
    case takenBack(MessageAddress)
    /// A channel reported that the contact opted out of it.
    case suppressed(channel: String)
    /// The workflow's own message became a signal that its conditions ask about.
    case signalled(Signal)
    /// The enrollment ended; ``Enrollment/status`` and ``Enrollment/exit`` say how. `inFlight` where a
    /// message is with its channel, or nobody knows whether it went.
    case ended(inFlight: Bool)
}

/// How a step that is no message was executed.
public enum Passage: Hashable, Sendable {
    case delay
    case branch(path: String)
    case flag(name: String, note: String?)
    case exit(reason: String?)
}

/// A message that is to be handed to a channel.
public struct SendIntent: Hashable, Sendable {
    /// Which message it is.
    public let message: MessageAddress
    /// The step's id.
    public let step: String
    /// The channel.
    public let channel: String
    /// Which attempt this is, from 1.
    public let attempt: Int
    /// The contact's address; nil for a channel to staff.
    public let to: String?
    /// The sender, where the settings name one.
    public let from: String?
    /// The final texts by name.
    public let content: [Text]
    /// The merge fields that had no value, so that their default was used.
    public let defaultsUsed: [String]
    /// When it was to go.
    public let planned: Instant
    /// After this moment it must not go any more.
    public let notAfter: Instant
    /// Whether an attempt with the same key may have gone already, so that the same texts have to go.
    public let repeatsDoubtful: Bool

    /// A final text.
    public struct Text: Hashable, Sendable {
        /// Its name, such as `subject`.
        public let name: String
        /// What is said.
        public let text: String
    }
}
