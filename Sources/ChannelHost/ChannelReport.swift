public import ChannelKit

/// Something that a channel did.
public enum ChannelReport: Hashable, Sendable {
    /// It runs and takes messages.
    case ready(channel: String)
    /// It does not take messages any more.
    case down(channel: String, reason: String)
    /// Its answer to a message; exactly one for each that was handed to it.
    case answer(channel: String, key: String, SendAnswer)
    /// What it knows of a message it was asked about; nil where it never saw the key.
    case queryAnswer(channel: String, key: String, SendAnswer?)
    /// What became of a message later.
    case status(channel: String, eventID: String, key: String, SendAnswer)
    /// What a contact did.
    case inbound(channel: String, ChannelLine.Inbound)
}

/// How a channel is doing.
public struct ChannelStatus: Hashable, Sendable {
    /// The states of a channel.
    public enum State: String, Hashable, Sendable {
        /// It has been started and has not said hello yet, or waits for its next start.
        case starting
        /// It takes messages.
        case ready
        /// It runs, but its configuration or account is at fault.
        case faulty
        /// It keeps dying, and is started only now and then.
        case suspended
        /// It was stopped.
        case stopped
    }

    /// Its name.
    public var name: String
    /// Its state.
    public var state: State
    /// What was wrong last.
    public var lastError: String?
    /// The child's number, while it runs.
    public var process: Int32?
    /// How often it was started.
    public var starts = 0
    /// How often it died.
    public var deaths = 0
    /// How it died last, such as `signal 9` or `code 1`.
    public var lastDeath: String?
    /// Messages that are with it.
    public var inflight = 0
    /// Messages that it takes at once.
    public var window = 0
    /// Messages that it answered.
    public var answered = 0
    /// Messages that it answered within the last 60 s.
    public var answeredLastMinute = 0
    /// Messages that it gets a second at most; nil for no limit.
    public var perSecond: Double?
    /// Lines that were none of the protocol's.
    public var strayLines = 0
    /// What it said of itself last, once it has.
    public var manifest: Manifest?
    /// Whether the process that runs has said so.
    public var hasSaidHello = false
}
