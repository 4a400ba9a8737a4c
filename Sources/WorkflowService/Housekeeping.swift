import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Forgets what is only kept for a time: stored replies and old signals.
///
/// A little each minute.
struct Housekeeping {
    private var lastRun: Duration

    init(lastRun: Duration) { self.lastRun = lastRun }

    /// The pause between two runs, in real time.
    private static let pause = Duration.seconds(60)
    /// Rows that one run removes at most.
    private static let batch = 2_000
    /// How long signals are kept that no active enrollment can ask for, and the ids of all.
    private static let signalAge = TimeSpan.hours(30 * 24)

    mutating func runIfDue(_ session: StoreSession, now: Instant, elapsed: Duration) throws {
        guard elapsed - lastRun >= Self.pause else { return }
        lastRun = elapsed
        try session.purgeReplies(before: now - .hours(ProtocolLimits.keyHours), limit: Self.batch)
        try session.purgeSignals(before: now - Self.signalAge, limit: Self.batch)
    }
}
