/// How long turns take: all of them as a distribution, and the longest of the last minutes.
public struct TurnTimes: Sendable {
    /// All turns since the start.
    public private(set) var distribution = Histogram()
    private var slots = [Duration](repeating: .zero, count: TurnTimes.minutes)
    private var minute: Int64 = 0

    /// The minutes that ``longest(at:)`` looks back, at least.
    public static let minutes = 5

    /// No turn yet.
    public init() {}

    /// Counts a turn that took `duration` and ended at `elapsed`.
    public mutating func observe(_ duration: Duration, at elapsed: Duration) {
        distribution.observe(duration)
        forget(at: elapsed)
        let slot = Int(minute) % Self.minutes
        slots[slot] = max(slots[slot], duration)
    }

    /// The longest turn of the last minutes, as seen at `elapsed`.
    public func longest(at elapsed: Duration) -> Duration {
        var recent = self
        recent.forget(at: elapsed)
        return recent.slots.max() ?? .zero
    }

    /// Clears what is older.
    private mutating func forget(at elapsed: Duration) {
        let now = elapsed.components.seconds / 60
        guard now > minute else { return }
        for passed in max(minute + 1, now - Int64(Self.minutes) + 1)...now {
            slots[Int(passed) % Self.minutes] = .zero
        }
        minute = now
    }
}
