import JSONLines
public import WorkflowModel

/// What a channel said of itself last, kept over restarts.
public struct KnownChannel: Hashable, Sendable {
    /// The channel.
    public let name: String
    /// What was started for it then.
    public let installation: String
    /// Where its messages go.
    public let audience: ChannelFacts.Audience
    /// Whether it, or its provider, tells a repeated key.
    public let tellsRepeatedKeys: Bool
    /// Whether it can be asked what became of a key.
    public let answersQueries: Bool

    /// A channel that said so of itself.
    public init(
        name: String, installation: String, audience: ChannelFacts.Audience,
        tellsRepeatedKeys: Bool, answersQueries: Bool
    ) {
        self.name = name
        self.installation = installation
        self.audience = audience
        self.tellsRepeatedKeys = tellsRepeatedKeys
        self.answersQueries = answersQueries
    }
}

extension StoreSession {
    private static let channelKey = "channel:"

    /// What channels said of themselves last.
    public func knownChannels() throws -> [KnownChannel] {
        try connection.rows(
            """
            SELECT substr(key, length(?1) + 1), value FROM meta \
            WHERE key >= ?1 AND key < ?1 || char(0x10FFFF)
            """, [Self.channelKey]
        ) { row in KnownChannel(name: row[0], text: row[1]) }.compactMap { $0 }
    }

    /// Remembers what `channel` said of itself, and sees to it that a contact is found by its address.
    ///
    /// The first time for a field this reads all contacts.
    public func put(_ channel: KnownChannel) throws {
        if case .contact(let field) = channel.audience { try indexContacts(by: field) }
        try setMeta(Self.channelKey + channel.name, channel.text)
    }
}

extension KnownChannel {
    private static let staff = "staff"

    fileprivate var text: String {
        var object: JSONObject = [
            "installation": .string(installation), "dedupe": .bool(tellsRepeatedKeys),
            "query": .bool(answersQueries),
        ]
        switch audience {
        case .contact(let field): object["field"] = .string(field)
        case .staff: object["for"] = .string(Self.staff)
        case .unknown: break
        }
        return JSON.object(object).text
    }

    /// What was remembered as `text`; nil where that says nothing.
    fileprivate init?(name: String, text: String) {
        guard let json = try? JSON(parsing: text), let installation = json["installation"]?.string
        else { return nil }
        let field = json["field"]?.string
        guard field != nil || json["for"]?.string == Self.staff else { return nil }
        self.init(
            name: name, installation: installation,
            audience: field.map { .contact(addressField: $0) } ?? .staff,
            tellsRepeatedKeys: json["dedupe"] == true, answersQueries: json["query"] == true)
    }
}
