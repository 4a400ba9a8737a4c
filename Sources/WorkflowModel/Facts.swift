public import JSONLines

/// What is known at the moment of a decision.
public struct Facts {
    /// The contact's number and public id.
    public var contactID: String
    /// The contact's fields.
    public var contact: JSONObject
    /// The record's fields, where the enrollment has a record.
    public var record: JSONObject?
    /// The service's settings.
    public var settings: Settings
    /// What the contact opted out of.
    public var suppression: Suppression
    /// The contact's signals since it was enrolled that concern the enrollment, oldest first.
    public var signals: [Signal]
    /// The workflow's state.
    public var workflowState: WorkflowState
    /// The channels there are.
    public var channels: [String: ChannelFacts]
    /// The contact's zone.
    public var zone: ZoneCalendar
    /// The business's zone.
    public var businessZone: ZoneCalendar

    /// Facts of the given parts.
    public init(
        contactID: String, contact: JSONObject, record: JSONObject?, settings: Settings,
        suppression: Suppression = Suppression(), signals: [Signal] = [],
        workflowState: WorkflowState = .active, channels: [String: ChannelFacts],
        zone: ZoneCalendar, businessZone: ZoneCalendar
    ) {
        self.contactID = contactID
        self.contact = contact
        self.record = record
        self.settings = settings
        self.suppression = suppression
        self.signals = signals
        self.workflowState = workflowState
        self.channels = channels
        self.zone = zone
        self.businessZone = businessZone
    }
}

/// What a contact opted out of.
public struct Suppression: Hashable, Sendable {
    /// Whether it opted out of everything.
    public var all: Bool
    /// The channels it opted out of.
    public var channels: Set<String>

    /// Nothing, or what is given.
    public init(all: Bool = false, channels: Set<String> = []) {
        self.all = all
        self.channels = channels
    }

    /// Whether nothing is suppressed.
    public var isEmpty: Bool { !all && channels.isEmpty }

    /// Whether messages over `channel` are suppressed.
    public func covers(_ channel: String) -> Bool { all || channels.contains(channel) }
}

/// Something that a contact did, or that happened to its record.
public struct Signal: Hashable, Sendable {
    /// Its number, in the order in which signals came.
    public var number: Int64
    /// Its name, such as `sms.replied`.
    public var name: String
    /// When it happened.
    public var at: Instant
    /// What is known about it.
    public var data: JSONObject

    /// A signal called `name`.
    public init(number: Int64, name: String, at: Instant, data: JSONObject) {
        self.number = number
        self.name = name
        self.at = at
        self.data = data
    }
}

/// What the engine has to know about a channel.
public struct ChannelFacts: Hashable, Sendable {
    /// Whether it takes messages now.
    public enum Readiness: Hashable, Sendable {
        /// It takes another one.
        case open
        /// Its window is full.
        case busy
        /// It does not run.
        case down
        /// It has not said yet what it is, and may in a moment: nothing that would be final is decided
        /// about its messages.
        case unheard
    }

    /// Where a channel's messages go.
    public enum Audience: Hashable, Sendable {
        /// To the contact, at the address in this field.
        case contact(addressField: String)
        /// To the business's own staff: no quiet hours, no suppression, no address.
        case staff
        /// Nobody knows: it never said.
        case unknown
    }

    /// Whether it takes messages now; ``Readiness/unheard`` wherever the audience is unknown.
    public var readiness: Readiness
    /// Where its messages go, by the last manifest that is known of it.
    public var audience: Audience

    /// A channel with the given facts.
    public init(readiness: Readiness, audience: Audience) {
        self.readiness = audience == .unknown ? .unheard : readiness
        self.audience = audience
    }
}
