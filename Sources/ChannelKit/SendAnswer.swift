public import JSONLines

/// What a channel says of a message.
public enum SendAnswer: Hashable, Sendable {
    /// The provider took it and will say more later.
    case accepted
    /// It left.
    case sent
    /// It arrived.
    case delivered
    /// It did not go.
    case failed(Failure)
    /// Nobody knows whether it went.
    case unknown(reason: String)

    /// Why a message did not go.
    public struct Failure: Hashable, Sendable {
        /// What kind of failure it is.
        public enum Kind: String, CaseIterable, Hashable, Sendable {
            /// It will never go.
            case permanent
            /// It may go later.
            case transient
            /// The channel's configuration or account is at fault, not the message.
            case config
            /// The contact opted out at the provider.
            case suppressed
        }

        /// What kind of failure it is.
        public var kind: Kind
        /// Why, without personal data.
        public var reason: String
        /// How long the provider asks to wait, in milliseconds.
        public var retryAfterMilliseconds: Int?

        /// A failure of `kind`.
        public init(_ kind: Kind, reason: String, retryAfterMilliseconds: Int? = nil) {
            self.kind = kind
            self.reason = reason
            self.retryAfterMilliseconds = retryAfterMilliseconds
        }
    }
}

extension SendAnswer {
    /// The members of an answer line.
    public var members: JSONObject {
        switch self {
        case .accepted: ["outcome": "accepted"]
        case .sent: ["outcome": "sent"]
        case .delivered: ["outcome": "delivered"]
        case .unknown(let reason): ["outcome": "unknown", "reason": .string(reason)]
        case .failed(let failure): ["outcome": "failed", "failure": failure.json]
        }
    }

    /// Reads the members of an answer line.
    /// - Throws: ``FieldError`` about the first offence.
    public init(members line: JSON) throws(FieldError) {
        var reader = try ObjectReader(line, at: "")
        switch try reader.requiredString("outcome") {
        case "accepted": self = .accepted
        case "sent": self = .sent
        case "delivered": self = .delivered
        case "unknown":
            self = .unknown(reason: try reader.string("reason") ?? "The channel does not know.")
        case "failed": self = .failed(try Failure(json: reader.required("failure")))
        default:
            throw reader.invalid(
                "outcome", "It must be accepted, sent, delivered, failed or unknown.")
        }
    }
}

extension SendAnswer.Failure {
    fileprivate var json: JSON {
        var object: JSONObject = ["kind": .string(kind.rawValue), "reason": .string(reason)]
        object["retry_after_ms"] = retryAfterMilliseconds.map { .integer(Int64($0)) }
        return .object(object)
    }

    fileprivate init(json: JSON) throws(FieldError) {
        var reader = try ObjectReader(json, at: "failure")
        guard let kind = Kind(rawValue: try reader.requiredString("kind")) else {
            throw reader.invalid("kind", "It must be permanent, transient, config or suppressed.")
        }
        self.init(
            kind, reason: try reader.string("reason") ?? "no reason given",
            retryAfterMilliseconds: try reader.integer("retry_after_ms", in: 0...86_400_000))
    }
}
