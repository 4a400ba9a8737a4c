public import JSONLines

extension JSON {
    /// This value as a message says it to a person, or nil where it is none: null, blank, an array or
    /// an object.
    ///
    /// A string that is an RFC 3339 moment reads as a time in `zone`, one that is a date as a date.
    public func messageText(in zone: ZoneCalendar) -> String? {
        switch self {
        case .string(let text): JSON.messageText(text, in: zone)
        case .integer(let value): String(value)
        case .number(let value): JSON.messageText(value)
        case .bool(let value): value ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    private static func messageText(_ text: String, in zone: ZoneCalendar) -> String? {
        if mayBeTime(text.utf8) {
            if let date = CalendarDate(iso: text) { return date.messageText }
            if let instant = Instant(rfc3339: text) { return instant.messageText(in: zone) }
        }
        return text.looksEmpty ? nil : text
    }

    /// A cheap look at the beginning, since most texts are no times.
    private static func mayBeTime(_ bytes: String.UTF8View) -> Bool {
        guard let first = bytes.first, first <= UInt8(ascii: "9"), first >= UInt8(ascii: "0") else {
            return false
        }
        guard bytes.count >= 10 else { return false }
        return bytes[bytes.index(bytes.startIndex, offsetBy: 4)] == UInt8(ascii: "-")
    }

    private static func messageText(_ value: Double) -> String {
        let value = PlainNumber.rounded(value)
        if let integer = Int64(exactly: value) { return String(integer) }
        return PlainNumber.text(value)
    }
}

extension CalendarDate {
    /// The day as a message says it: `March 1, 2026`.
    public var messageText: String { "\(monthName) \(day), \(year)" }

    fileprivate var monthName: String { monthNames[month - 1] }
}

extension Instant {
    /// The moment as a message says it, by the wall clock of `zone`: `Tuesday, March 3 at 2:00 PM`.
    public func messageText(in zone: ZoneCalendar) -> String {
        let local = zone.local(self)
        let hour = local.hour % 12 == 0 ? 12 : local.hour % 12
        let minute = local.minute < 10 ? "0\(local.minute)" : "\(local.minute)"
        let day = "\(local.date.weekday.name), \(local.date.monthName) \(local.date.day)"
        return "\(day) at \(hour):\(minute) \(local.hour < 12 ? "AM" : "PM")"
    }
}

private let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
]

extension Weekday {
    /// The name in full, in English.
    public var name: String {
        switch self {
        case .mon: "Monday"
        case .tue: "Tuesday"
        case .wed: "Wednesday"
        case .thu: "Thursday"
        case .fri: "Friday"
        case .sat: "Saturday"
        case .sun: "Sunday"
        }
    }
}

extension String {
    /// Appends `value` so that HTML shows it as it is, within text and within quoted attributes.
    mutating func append(escapingHTML value: String) {
        guard value.utf8.contains(where: { htmlEscape($0) != nil }) else {
            self += value
            return
        }
        for scalar in value.unicodeScalars {
            if scalar.isASCII, let escape = htmlEscape(UInt8(scalar.value)) {
                self += escape
            } else {
                unicodeScalars.append(scalar)
            }
        }
    }
}

private func htmlEscape(_ byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    default: nil
    }
}
