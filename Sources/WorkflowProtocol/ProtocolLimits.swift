/// The bounds of the command protocol, all told by `system.hello`.
public enum ProtocolLimits {
    /// The protocol's version.
    public static let version = 1
    /// Bytes of one line: a bulk enrollment of 1,000 contacts fits.
    public static let lineBytes = 1 << 20
    /// Bytes of one message.
    public static let messageBytes = 4 << 20
    /// Bytes of one reply, beyond which no further line of its message is executed.
    public static let replyBytes = 16 << 20
    /// Bytes of events that one page holds at most, but for a single larger one.
    public static let eventPageBytes = 4 << 20
    /// Bytes of the fields of one contact or record, and of the data of one signal.
    public static let fieldBytes = 64 << 10
    /// Bytes of one client's messages that may wait for their turn.
    public static let clientQueueBytes = 16 << 20
    /// Bytes of all messages that may wait for their turn.
    public static let queueBytes = 64 << 20
    /// Messages that may wait for events or for the clock.
    public static let waitingMessages = 2_000
    /// Lines of one message.
    public static let linesPerMessage = 1_000
    /// Contacts of one bulk enrollment.
    public static let bulkEnrollments = 1_000
    /// Elements of a page where the client names no limit.
    public static let defaultPage = 50
    /// Elements of a page at most.
    public static let largestPage = 200
    /// Events of one `events.read` at most.
    public static let largestEventPage = 1_000
    /// Milliseconds that `events.read` waits at most.
    public static let longestWait = 60_000
    /// Characters of an idempotency key.
    public static let keyLength = 200
    /// Hours for which an idempotency key is remembered.
    public static let keyHours = 72
}
