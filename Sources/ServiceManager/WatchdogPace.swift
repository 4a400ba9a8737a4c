/// When the service has to show its watchdog that it is alive: at half of the time that it is given, as
/// `sd_watchdog_enabled(3)` recommends.
public struct WatchdogPace: Sendable {
    private let pause: Duration
    private var last: Duration?

    /// A pace for a watchdog that waits for `limit`.
    public init(limit: Duration) { pause = limit / 2 }

    /// How long it is until the next sign of life, at `now`.
    public func pause(at now: Duration) -> Duration {
        last.map { max(.zero, $0 + pause - now) } ?? .zero
    }

    /// Whether a sign of life is due at `now`; then the next is half of the limit away.
    public mutating func isDue(at now: Duration) -> Bool {
        guard pause(at: now) == .zero else { return false }
        last = now
        return true
    }
}
