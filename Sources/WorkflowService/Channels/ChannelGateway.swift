public import JSONLines
public import WorkflowModel

/// The channels as the service sees them; behind it are child processes, or a test's own channels.
public protocol ChannelGateway: AnyObject {
    /// The channels there are, running or not.
    var channels: [ChannelState] { get }
    /// Takes a message. The channel had room for it when the service asked last; its answer comes as a
    /// report, `unknown` where the channel dies before it answers.
    func send(_ message: ClaimedMessage)
    /// Asks what became of the message with `key`; the answer comes as a report.
    func query(key: String, on channel: String)
    /// Tells the channel that its report `eventID` is stored and need not be repeated.
    func acknowledge(_ eventID: String, on channel: String)
    /// What happened since the last call, in order.
    func takeReports() -> [GatewayReport]
    /// For people: each channel's state, deaths, last error and load.
    var statusJSON: [JSON] { get }
}

/// What the service has to know about a channel.
public struct ChannelState: Hashable, Sendable {
    /// Its name, such as `sms`.
    public var name: String
    /// How many more messages it takes now; 0 also while it does not run.
    public var capacity: Int
    /// Whether it runs.
    public var isUp: Bool
    /// Whether it is coming up, or coming back, and may be expected soon.
    public var isStarting: Bool
    /// What is started for it: where that is something else, what was known of it counts no more.
    public var installation: String
    /// Where its messages go, by the manifest of the process that runs; unknown until that has said so.
    public var audience: ChannelFacts.Audience
    /// Whether it, or its provider, tells a repeated key, so that sending again is safe.
    public var tellsRepeatedKeys: Bool
    /// Whether it can be asked what became of a key.
    public var answersQueries: Bool

    /// A channel with the given facts.
    public init(
        name: String, capacity: Int, isUp: Bool, isStarting: Bool, installation: String = "",
        audience: ChannelFacts.Audience, tellsRepeatedKeys: Bool, answersQueries: Bool
    ) {
        self.name = name
        self.installation = installation
        self.capacity = capacity
        self.isUp = isUp
        self.isStarting = isStarting
        self.audience = audience
        self.tellsRepeatedKeys = tellsRepeatedKeys
        self.answersQueries = answersQueries
    }
}

/// A message whose intent is committed.
public struct ClaimedMessage: Hashable, Sendable {
    /// Which message it is.
    public var address: MessageAddress
    /// The idempotency key: the same over all attempts.
    public var key: String
    /// The channel.
    public var channel: String
    /// Which attempt this is, from 1.
    public var attempt: Int
    /// When it is handed over.
    public var at: Instant
    /// After this moment it must not go any more.
    public var notAfter: Instant
    /// Members `to`, `from`, `content` and `context` of the request.
    public var request: JSONObject

    /// A message of the given parts.
    public init(
        address: MessageAddress, key: String, channel: String, attempt: Int, at: Instant,
        notAfter: Instant, request: JSONObject
    ) {
        self.address = address
        self.key = key
        self.channel = channel
        self.attempt = attempt
        self.at = at
        self.notAfter = notAfter
        self.request = request
    }
}

/// Something that a channel did.
public enum GatewayReport: Hashable, Sendable {
    /// It runs and takes messages.
    case ready(channel: String)
    /// It does not run any more.
    case down(channel: String, reason: String)
    /// Its answer to a message.
    case answer(channel: String, key: String, SendOutcome)
    /// What it knows of a message it was asked about; nil where it never saw the key.
    case queryAnswer(channel: String, key: String, SendOutcome?)
    /// What became of a message later.
    case status(channel: String, eventID: String, key: String, SendOutcome)
    /// What a contact did.
    case inbound(channel: String, InboundEvent)
}

/// What a contact did, as a channel reports it.
public struct InboundEvent: Hashable, Sendable {
    /// The kinds there are.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        case reply, opened, clicked, answered
        case optOut = "opt_out"
        case optIn = "opt_in"
    }

    /// The channel's name for the report, the same when it is repeated.
    public var eventID: String
    /// What happened.
    public var kind: Kind
    /// The contact's address.
    public var from: String?
    /// The message that it is about.
    public var key: String?
    /// What the contact wrote.
    public var text: String?
    /// When it happened.
    public var at: Instant?

    /// An event of the given parts.
    public init(
        eventID: String, kind: Kind, from: String? = nil, key: String? = nil, text: String? = nil,
        at: Instant? = nil
    ) {
        self.eventID = eventID
        self.kind = kind
        self.from = from
        self.key = key
        self.text = text
        self.at = at
    }
}
