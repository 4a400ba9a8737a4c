/// Something about a service that a person should know.
public struct HealthProblem: Hashable, Sendable {
    /// The stable codes; `proto-docs/operations.md` has what each means and what to do.
    public enum Code: String, CaseIterable, Hashable, Sendable {
        case storeFailing = "store_failing"
        case diskLow = "disk_low"
        case logLarge = "wal_large"
        case scheduleLate = "schedule_late"
        case channelDown = "channel_down"
        case channelDying = "channel_dying"
        case channelLate = "channel_late"
        case channelMisnamed = "channel_misnamed"
        case messagesInDoubt = "messages_in_doubt"
        case feedBehind = "feed_behind"
        case turnsSlow = "turns_slow"
        case clockJumped = "clock_jumped"
        case connectionsFull = "connections_full"
    }

    /// What it is.
    public let code: Code
    /// How bad it is.
    public let status: HealthStatus
    /// The channel that it is about, if any.
    public let channel: String?
    /// One sentence that says what is wrong, without personal data.
    public let message: String
    /// What to do.
    public let hint: String

    /// A problem that makes the service `status`.
    public init(
        _ code: Code, _ status: HealthStatus, channel: String? = nil, _ message: String,
        hint: String
    ) {
        self.code = code
        self.status = status
        self.channel = channel
        self.message = message
        self.hint = hint
    }
}

/// How a service is doing.
public enum HealthStatus: String, CaseIterable, Comparable, Hashable, Sendable {
    /// Everything works.
    case ok
    /// It works, and something needs a person soon.
    case degraded
    /// It does not do what it is there for.
    case failing

    /// Orders from the best to the worst.
    public static func < (left: HealthStatus, right: HealthStatus) -> Bool {
        left.rank < right.rank
    }

    /// 0 for ``ok``, 1 for ``degraded``, 2 for ``failing``.
    public var rank: Int {
        switch self {
        case .ok: 0
        case .degraded: 1
        case .failing: 2
        }
    }
}
