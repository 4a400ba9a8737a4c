public import JSONLines

/// The mirror of the CRM's settings that the service works by.
public struct Settings: Hashable, Sendable {
    /// The fields of the `business` root of merge fields.
    public var business: JSONObject
    /// The business's IANA time zone; nil until it is set.
    public var timeZone: String?
    /// When no contact is to be disturbed; nil for never.
    public var quietHours: QuietHours?
    /// What other hours hold for some channels; a nil value means none at all.
    public var quietHoursByChannel: [String: QuietHours?]
    /// The sender's name or address for each channel.
    public var senders: [String: String]
    /// Where a contact unsubscribes; `{contact}` stands for its id.
    public var unsubscribeLink: String?

    /// Settings as they are before anybody set them: quiet from 20:00 to 09:00.
    public init() {
        business = JSONObject()
        timeZone = nil
        quietHours = Settings.defaultQuietHours
        quietHoursByChannel = [:]
        senders = [:]
        unsubscribeLink = nil
    }

    /// 20:00 to 09:00 on every day.
    public static let defaultQuietHours = WallTime(hour: 20, minute: 0).flatMap { start in
        WallTime(hour: 9, minute: 0).map { QuietHours(start: start, end: $0) }
    }

    /// The quiet hours that hold for messages over `channel`.
    public func quietHours(for channel: String) -> QuietHours? {
        if let override = quietHoursByChannel[channel] { override } else { quietHours }
    }
}

extension Settings {
    /// Reads settings that stand at `path`.
    /// - Throws: ``FieldError`` about the first offence.
    public init(json: JSON, at path: String) throws(FieldError) {
        self.init()
        var reader = try ObjectReader(json, at: path)
        business = try reader.members("business") ?? JSONObject()
        timeZone = try reader.timeZone("time_zone")
        if var notifications = try reader.object("notifications") {
            try readQuietHours(&notifications)
            try notifications.finish()
        }
        for (name, value) in try reader.members("senders")?.members ?? [] {
            guard let text = value.string else {
                throw reader.invalid("senders.\(name)", "Expected a string, not \(value.kind).")
            }
            senders[name] = text
        }
        if var links = try reader.object("links") {
            unsubscribeLink = try links.text("unsubscribe", DefinitionLimits.description)
            try links.finish()
        }
        try reader.finish()
    }

    private mutating func readQuietHours(_ reader: inout ObjectReader) throws(FieldError) {
        guard reader.contains("quiet_hours") else { return }
        guard var hours = try reader.object("quiet_hours") else {
            quietHours = nil
            return
        }
        let channels = try hours.members("channels")
        quietHours = try QuietHours(reader: &hours)
        for (name, value) in channels?.members ?? [] {
            guard value != .null else {
                quietHoursByChannel[name] = .some(nil)
                continue
            }
            var reader = try ObjectReader(value, at: "\(hours.path(of: "channels")).\(name)")
            quietHoursByChannel[name] = try QuietHours(reader: &reader)
            try reader.finish()
        }
        try hours.finish()
    }
}

extension QuietHours {
    fileprivate init(reader: inout ObjectReader) throws(FieldError) {
        guard let start = try reader.wallTime("start"), let end = try reader.wallTime("end") else {
            throw FieldError(
                .missing, at: reader.path, "Quiet hours have a start and an end.",
                hint: #"For instance {"start": "20:00", "end": "09:00"}; null for none."#)
        }
        self.init(
            start: start, end: end, days: try reader.weekdays("days") ?? Set(Weekday.allCases))
    }
}

extension ObjectReader {
    /// Member `name` as the name of a zone that is known here, or nil where absent.
    public mutating func timeZone(_ name: String) throws(FieldError) -> String? {
        guard let zone = try string(name) else { return nil }
        guard ZoneCalendar(identifier: zone) != nil else {
            throw invalid(
                name, "It is not an IANA time zone.", hint: "For instance America/New_York.")
        }
        return zone
    }
}
