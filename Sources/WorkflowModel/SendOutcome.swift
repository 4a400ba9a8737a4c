/// What a channel said of a message.
public enum SendOutcome: Hashable, Sendable {
    /// The provider took it and will say more later.
    case accepted
    /// It left.
    case sent
    /// It arrived.
    case delivered
    /// It did not go.
    case failed(SendFailure)
    /// Nobody knows whether it went.
    case unknown(reason: String)

    /// Whether it went, as far as anybody knows.
    public var isSuccess: Bool {
        switch self {
        case .accepted, .sent, .delivered: true
        case .failed, .unknown: false
        }
    }
}

/// Why a message did not go.
public struct SendFailure: Hashable, Sendable {
    /// The kinds of failure.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        case permanent, transient, config, suppressed
    }

    /// What kind it is.
    public var kind: Kind
    /// A stable code or a sentence without personal data.
    public var reason: String
    /// How long the channel asks to wait before another attempt.
    public var retryAfter: TimeSpan?

    /// A failure of `kind`.
    public init(_ kind: Kind, reason: String, retryAfter: TimeSpan? = nil) {
        self.kind = kind
        self.reason = reason
        self.retryAfter = retryAfter
    }
}

/// How far a message has come.
///
/// The state only advances, but for another attempt.
public enum MessageState: Int, CaseIterable, Hashable, Sendable, Comparable {
    case sending = 0
    case unknown
    case accepted
    case sent
    case delivered
    case failed
    /// An attempt did not get through, and the message is with nobody until the next.
    case waiting

    /// The name in the protocol.
    public var name: String {
        switch self {
        case .waiting: "waiting"
        case .sending: "sending"
        case .unknown: "unknown"
        case .accepted: "accepted"
        case .sent: "sent"
        case .delivered: "delivered"
        case .failed: "failed"
        }
    }

    /// Orders from the lesser to the greater.
    public static func < (left: MessageState, right: MessageState) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { self == .waiting ? -1 : rawValue }
}
