import ChannelKit
import Curl
import Foundation
import JSONLines
import WorkflowModel

/// A configuration that was found good.
struct ReminderSettings: Hashable, Sendable {
    /// Where entries go.
    enum Destination: Hashable, Sendable {
        case server(CalendarServer.Access)
        case folder(String)

        /// The place, for the thread that calls.
        func open() -> any EntryPlace {
            switch self {
            case .server(let access): CalendarServer(access)
            case .folder(let path): EntryFolder(path: path)
            }
        }
    }

    let destination: Destination
    let shape: CallEntry.Shape
    /// How often entries are looked at.
    let pollPause: Duration
    let journal: String

    /// Reads `config`.
    /// - Throws: ``ConfigurationError`` that names the member and repeats no value.
    init(_ config: JSONObject) throws(ConfigurationError) {
        do throws(FieldError) {
            var reader = try ObjectReader(.object(config), at: "")
            shape = try ReminderSettings.shape(&reader)
            pollPause = .seconds(try reader.integer("poll_seconds", in: 1...86_400) ?? 60)
            journal = try reader.string("journal") ?? "journal.sqlite"
            destination = try ReminderSettings.destination(&reader, shape.kind)
            try reader.finish()
        } catch {
            throw ConfigurationError(error)
        }
    }

    private static func shape(_ reader: inout ObjectReader) throws(FieldError) -> CallEntry.Shape {
        var shape = CallEntry.Shape()
        if let text = try reader.string("entry") {
            guard let kind = CallEntry.Kind(rawValue: text) else {
                throw reader.invalid("entry", "It must be event or todo.")
            }
            shape.kind = kind
        }
        if let length = try reader.integer("duration_minutes", in: 1...1_440) {
            guard shape.kind == .event else {
                throw reader.invalid(
                    "duration_minutes", "Only an event takes time.",
                    hint: "Leave it out, or choose `entry: event`.")
            }
            shape.length = .minutes(length)
        }
        shape.lead = .minutes(try reader.integer("lead_minutes", in: 0...10_080) ?? 0)
        shape.alarm = .minutes(try reader.integer("alarm_minutes", in: 0...10_080) ?? 0)
        guard shape.alarm <= shape.lead else {
            throw reader.invalid(
                "alarm_minutes", "The alarm would lie before the entry is made.",
                hint: "Make lead_minutes as long.")
        }
        return shape
    }

    private static func destination(_ reader: inout ObjectReader, _ kind: CallEntry.Kind)
        throws(FieldError) -> Destination
    {
        let folder = try reader.string("folder")
        guard try reader.string("calendar") != nil else {
            guard let folder, !folder.isEmpty else {
                throw FieldError(
                    .missing, at: "calendar", "This field is required.",
                    hint: "Give the address of a calendar, or a folder.")
            }
            return .folder(folder)
        }
        guard folder == nil else {
            throw reader.invalid("folder", "There is a calendar already.", hint: "Leave out one.")
        }
        return .server(try access(&reader, kind))
    }

    private static func access(_ reader: inout ObjectReader, _ kind: CallEntry.Kind)
        throws(FieldError) -> CalendarServer.Access
    {
        let address = try CalendarAddress(&reader, "calendar")
        let credentials = try credentials(&reader)
        guard address.isPrivate || credentials == nil else {
            throw reader.invalid(
                "calendar", "The password would cross the network in plain text.",
                hint: "Use https.")
        }
        let authorities = try reader.string("ca_file")
        if let authorities, !FileManager.default.isReadableFile(atPath: authorities) {
            throw reader.invalid("ca_file", "This file cannot be read.")
        }
        return CalendarServer.Access(
            collection: address.text, credentials: credentials,
            trust: TransportTrust(authoritiesFile: authorities), kind: kind)
    }

    private static func credentials(_ reader: inout ObjectReader) throws(FieldError) -> Credentials?
    {
        let user = try reader.string("username")
        let password = try reader.string("password")
        switch (user, password) {
        case (let user?, let password?): return Credentials(user: user, password: password)
        case (nil, nil): return nil
        case (nil, _): throw reader.invalid("username", "A password needs one.")
        case (_, nil): throw reader.invalid("password", "A username needs one.")
        }
    }
}

/// The address of a calendar collection.
private struct CalendarAddress {
    /// With a slash at its end, as collections have.
    let text: String
    /// Whether what is sent there cannot be read on the way.
    let isPrivate: Bool

    init(_ reader: inout ObjectReader, _ name: String) throws(FieldError) {
        let given = try reader.requiredString(name)
        guard let parts = URLComponents(string: given), let host = parts.host, !host.isEmpty,
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme)
        else {
            throw reader.invalid(
                name, "It must be an address such as https://cloud.example.com/calendars/office/.")
        }
        guard parts.user == nil, parts.password == nil else {
            throw reader.invalid(
                name, "It must hold no password.", hint: "Use username and password.")
        }
        guard parts.query == nil, parts.fragment == nil else {
            throw reader.invalid(name, "It must end with the calendar's path.")
        }
        text = given.hasSuffix("/") ? given : "\(given)/"
        isPrivate = scheme == "https" || CalendarAddress.isLoopback(host)
    }

    private static func isLoopback(_ host: String) -> Bool {
        let octets = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return ["localhost", "::1", "[::1]"].contains(host)
            || (octets.count == 4 && octets.allSatisfy { $0 != nil } && octets.first == 127)
    }
}
