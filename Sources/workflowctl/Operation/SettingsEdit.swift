import ArgumentParser
import JSONLines
import WorkflowModel

/// Changes of single settings, as the members that `settings.put` replaces.
struct SettingsEdit {
    /// The members to put.
    private(set) var changed = JSONObject()
    private let present: JSON

    /// The edit of `present` settings by assignments.
    /// - Throws: `ValidationError` for a name that is no setting, or hours that are none.
    init(_ present: JSON, _ assignments: [(name: String, value: String)]) throws {
        self.present = present
        for (name, value) in assignments { try set(name, value) }
    }

    private mutating func set(_ name: String, _ value: String) throws {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        let json: JSON = value.isEmpty ? .null : .string(value)
        switch (parts[0], parts.count) {
        case ("time_zone", 1): changed["time_zone"] = json
        case ("business", 2), ("senders", 2), ("links", 2): put(parts[0], parts[1], json)
        case ("quiet_hours", _): try setHours(parts.count > 1 ? parts[1] : nil, value)
        default:
            throw ValidationError(
                "There is no setting \"\(name)\". Names: time_zone, business.NAME, senders.CHANNEL, "
                    + "links.unsubscribe, quiet_hours, quiet_hours.CHANNEL.")
        }
    }

    private mutating func put(_ group: String, _ name: String, _ value: JSON) {
        let members = (changed[group] ?? present[group])?.object ?? [:]
        changed[group] = .object(members.merging([name: value]))
    }

    private mutating func setHours(_ channel: String?, _ value: String) throws {
        let notifications = (changed["notifications"] ?? present["notifications"])?.object ?? [:]
        let hours = notifications["quiet_hours"]
        let next = try channel.map { try Self.hours(hours, $0, value) } ?? Self.hours(hours, value)
        changed["notifications"] = .object(notifications.replacing("quiet_hours", next))
    }

    /// `hours` with others for all channels that have none of their own.
    private static func hours(_ hours: JSON?, _ value: String) throws -> JSON {
        guard var next = try QuietHoursText.read(value).object else { return .null }
        next["channels"] = hours?["channels"]
        return .object(next)
    }

    /// `hours` with others for `channel`; without, where `value` is empty.
    private static func hours(_ hours: JSON?, _ channel: String, _ value: String) throws -> JSON {
        guard hours != .null else {
            throw ValidationError(
                "There are no quiet hours to differ from. Set quiet_hours=20:00-09:00 first.")
        }
        var next = hours?.object ?? QuietHoursText.standard
        var channels = next["channels"]?.object ?? [:]
        channels[channel] = value.isEmpty ? Optional<JSON>.none : try QuietHoursText.read(value)
        next["channels"] = channels.isEmpty ? Optional<JSON>.none : .object(channels)
        return .object(next)
    }
}

/// Quiet hours as one writes them: `20:00-09:00` or `none`.
enum QuietHoursText {
    /// What holds where nobody set others.
    static let standard: JSONObject = ["start": "20:00", "end": "09:00"]

    static func read(_ text: String) throws -> JSON {
        if text == "none" { return .null }
        let parts = text.split(separator: "-").map(String.init)
        guard parts.count == 2, parts.allSatisfy({ WallTime(text: $0) != nil }) else {
            throw ValidationError(
                "\"\(text)\" are no quiet hours. Write them as 20:00-09:00, or none.")
        }
        return ["start": .string(parts[0]), "end": .string(parts[1])]
    }

    static func text(_ hours: JSON) -> String {
        guard let start = hours["start"]?.string, let end = hours["end"]?.string else {
            return "none"
        }
        let days = (hours["days"]?.array ?? []).compactMap(\.string)
        return "\(start)-\(end)" + (days.isEmpty ? "" : " on \(days.joined(separator: ", "))")
    }
}

extension JSONObject {
    fileprivate func replacing(_ name: String, _ value: JSON) -> JSONObject {
        var object = self
        object[name] = value
        return object
    }
}
