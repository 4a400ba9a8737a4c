/// When a channel that died is started again.
struct RestartPolicy {
    /// Deaths since it last did its work.
    private(set) var failures = 0

    /// After so many deaths in a row a channel counts as suspended.
    static let suspension = 6
    /// The longest pause; a channel that was ready for as long has done its work, even with nothing to send.
    static let longest = Duration.seconds(60)
    private static let first = Duration.milliseconds(500)

    var isSuspended: Bool { failures >= Self.suspension }

    /// The pause before the next start: 0.5 s, doubling up to a minute.
    mutating func pauseAfterDeath() -> Duration {
        failures += 1
        return min(Self.first * (1 << min(failures - 1, 7)), Self.longest)
    }

    mutating func succeeded() { failures = 0 }
}
