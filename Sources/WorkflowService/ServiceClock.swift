import Foundation
public import WorkflowModel

/// The time that the service lives by.
///
/// Enrollments, retries and histories go by it. What concerns the machine itself, such as time-outs of
/// child processes and heartbeats, goes by real elapsed time.
public final class ServiceClock {
    /// The kinds of clock.
    public enum Kind: Hashable, Sendable {
        /// The machine's wall clock.
        case system
        /// A clock that runs `factor` times as fast as real time.
        case scaled(factor: Double)
        /// A clock that stands still until it is told to move.
        case simulated
    }

    /// What kind it is.
    public let kind: Kind
    private let readWall: () -> Instant
    private let readElapsed: () -> Duration
    private let startedElapsed: Duration
    private var base: Instant

    /// A clock of `kind` that shows `start`, or the machine's time where that is nil, which a system
    /// clock always does.
    public init(
        _ kind: Kind, start: Instant? = nil, wall: @escaping () -> Instant = SystemTime.wall,
        elapsed: @escaping () -> Duration = SystemTime.elapsed
    ) {
        self.kind = kind
        readWall = wall
        readElapsed = elapsed
        startedElapsed = elapsed()
        base = start ?? wall()
    }

    /// What it shows.
    public var now: Instant {
        switch kind {
        case .system: readWall()
        case .simulated: base
        case .scaled(let factor):
            base
                + TimeSpan(
                    milliseconds: Int64(
                        Double((readElapsed() - startedElapsed).milliseconds) * factor))
        }
    }

    /// The machine's wall clock, whatever this clock shows.
    public var wall: Instant { readWall() }

    /// Real time since some origin.
    public var elapsed: Duration { readElapsed() }

    /// The real time until it shows `moment`; nil where it does not move by itself.
    public func realTime(until moment: Instant) -> Duration? {
        let span = (moment - now).milliseconds
        switch kind {
        case .simulated: return nil
        case .system: return .milliseconds(max(0, span))
        case .scaled(let factor): return .microseconds(Int64(max(0, Double(span) / factor * 1_000)))
        }
    }

    /// The real time since it showed `moment`, zero where that is to come; of a simulated clock the time
    /// that it shows.
    func realTime(since moment: Instant) -> Duration {
        let span = max(0, (now - moment).milliseconds)
        if case .scaled(let factor) = kind { return .milliseconds(Int64(Double(span) / factor)) }
        return .milliseconds(span)
    }

    /// Sets a simulated clock; it never goes back.
    public func move(to moment: Instant) {
        precondition(kind == .simulated, "Only a simulated clock is moved.")
        base = max(base, moment)
    }
}

/// The machine's clocks.
public enum SystemTime {
    /// The wall clock.
    public static func wall() -> Instant {
        Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    /// The time since some origin, which only goes forward.
    public static func elapsed() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }
}

extension Duration {
    /// The whole milliseconds of it.
    public var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
