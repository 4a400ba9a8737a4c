import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Forgets what is only kept for a time: stored replies and old signals.
///
/// A little every few seconds.
struct Housekeeping {
    private var lastRun: Duration
    private var signalPosition: Int64 = 0

    init(lastRun: Duration) { self.lastRun = lastRun }

    /// The pause between two runs, in real time.
    private static let pause = Duration.seconds(5)
    /// Rows that one run looks at: 2,000 a second, more than clients are likely to add for long.
    private static let batch = 10_000
    /// How long signals are kept that no active enrollment can ask for, and the ids of all.
    private static let signalAge = TimeSpan.hours(30 * 24)

    mutating func runIfDue(_ session: StoreSession, now: Instant, elapsed: Duration) throws {
        guard elapsed - lastRun >= Self.pause else { return }
        lastRun = elapsed
        try session.purgeReplies(before: now - .hours(ProtocolLimits.keyHours), limit: Self.batch)
        signalPosition = try session.purgeSignals(
            before: now - Self.signalAge, behind: signalPosition, limit: Self.batch)
    }
}
