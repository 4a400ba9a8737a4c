public import JSONLines

/// What a channel says of itself in answer to `hello`.
public struct Manifest: Hashable, Sendable {
    /// Whether a channel, or its provider, tells a repeated key.
    public enum Dedupe: String, CaseIterable, Hashable, Sendable {
        case provider, local, none
    }

    /// Where its messages go.
    public enum Address: Hashable, Sendable {
        /// To the contact, at the address in this field, such as `phone`.
        case contact(field: String)
        /// To the business's own staff.
        case staff
    }

    /// The program's name.
    public var name: String
    /// The program's version.
    public var version: String
    /// The channel it serves, such as `sms`.
    public var channel: String
    /// Where its messages go.
    public var address: Address
    /// How many messages it takes at once, 1 to 10,000.
    public var maxInflight: Int
    /// How long the host waits for the answer to a message, in milliseconds.
    public var sendTimeoutMilliseconds: Int
    /// Whether it, or its provider, tells a repeated key.
    public var dedupe: Dedupe
    /// Whether it answers `query`.
    public var query: Bool
    /// Whether it reports what contacts do.
    public var inbound: Bool
    /// The later delivery states that it reports, such as `delivered`.
    public var statuses: [String]
    /// The members of its configuration: for each a description, and whether it is required and secret.
    public var config: JSONObject

    /// A manifest of the given parts.
    public init(
        name: String, version: String, channel: String, address: Address, maxInflight: Int = 64,
        sendTimeoutMilliseconds: Int = 30_000, dedupe: Dedupe = .none, query: Bool = false,
        inbound: Bool = false, statuses: [String] = [], config: JSONObject = [:]
    ) {
        self.name = name
        self.version = version
        self.channel = channel
        self.address = address
        self.maxInflight = maxInflight
        self.sendTimeoutMilliseconds = sendTimeoutMilliseconds
        self.dedupe = dedupe
        self.query = query
        self.inbound = inbound
        self.statuses = statuses
        self.config = config
    }
}

extension Manifest {
    /// The protocol versions that this library speaks.
    public static let protocols = [1]

    /// The manifest as it stands in the answer to `hello`.
    public var json: JSON {
        var object: JSONObject = [
            "protocols": .array(Self.protocols.map { .integer(Int64($0)) }), "name": .string(name),
            "version": .string(version), "channel": .string(channel),
        ]
        switch address {
        case .contact(let field): object["address"] = .string(field)
        case .staff: object["address"] = "staff"
        }
        object["max_inflight"] = .integer(Int64(maxInflight))
        object["send_timeout_ms"] = .integer(Int64(sendTimeoutMilliseconds))
        object["dedupe"] = .string(dedupe.rawValue)
        object["query"] = .bool(query)
        object["inbound"] = .bool(inbound)
        object["statuses"] = .array(statuses.map(JSON.string))
        object["config"] = .object(config)
        return .object(object)
    }

    /// Reads a manifest; members that are not known are ignored, so that channels may be newer.
    /// - Throws: ``FieldError`` about the first offence.
    public init(json: JSON) throws(FieldError) {
        var reader = try ObjectReader(json, at: "manifest")
        let protocols = try reader.array("protocols") ?? []
        guard protocols.contains(where: { $0.integer == 1 }) else {
            throw reader.invalid(
                "protocols", "None of these versions is spoken here.", hint: "Version 1 is.")
        }
        name = try Self.name("name", &reader)
        version = try Self.name("version", &reader)
        channel = try Self.name("channel", &reader)
        let field = try reader.requiredString("address")
        guard Self.isField(field) else {
            throw reader.invalid(
                "address", "It is not the name of a field.",
                hint: "A name has up to 64 letters, digits, _ and -, such as phone or telegram_id.")
        }
        address = field == "staff" ? .staff : .contact(field: field)
        maxInflight = try reader.integer("max_inflight", in: 1...10_000) ?? 1
        sendTimeoutMilliseconds = try reader.integer("send_timeout_ms", in: 100...600_000) ?? 30_000
        let dedupe = try reader.string("dedupe") ?? "none"
        guard let known = Dedupe(rawValue: dedupe) else {
            throw reader.invalid("dedupe", "It must be provider, local or none.")
        }
        self.dedupe = known
        query = try reader.bool("query") ?? false
        inbound = try reader.bool("inbound") ?? false
        statuses = (try reader.array("statuses") ?? []).compactMap(\.string)
        config = try reader.members("config") ?? [:]
    }

    private static func name(_ member: String, _ reader: inout ObjectReader) throws(FieldError)
        -> String
    {
        let text = try reader.requiredString(member)
        guard text.utf8.count <= 200 else {
            throw reader.invalid(member, "It is longer than 200 bytes.")
        }
        return text
    }

    /// Whether a contact's field can have the name `text`, as merge fields name it.
    private static func isField(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
