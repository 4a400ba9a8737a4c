public import WorkflowModel

/// How long to wait before another attempt after a temporary failure.
public enum RetryPolicy {
    /// The pause behind the first attempt.
    public static let first = TimeSpan.seconds(30)
    /// The longest pause that the policy itself asks for.
    public static let longest = TimeSpan.hours(1)

    /// The pause behind attempt number `attempt` (from 1): 30 s, doubling up to an hour, or what the
    /// channel asked for where that is longer.
    public static func pause(behind attempt: Int, asked: TimeSpan?) -> TimeSpan {
        let doubled = first.milliseconds << Int64(min(max(attempt, 1) - 1, 10))
        let own = min(TimeSpan(milliseconds: doubled), longest)
        return max(own, asked ?? .zero)
    }
}
