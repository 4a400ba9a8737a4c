/// How far the staff have come with an entry, read from the iCalendar text that a client may have rewritten.
enum EntryState: Hashable, Sendable {
    /// Nothing is said yet.
    case open
    /// It was ticked off.
    case completed
    /// It was called off.
    case cancelled

    /// The state of the entry with `uid` in `text`; nil where the text has no such entry.
    init?(uid: String, in text: [UInt8]) {
        guard let entry = EntryReading(text).entries.first(where: { $0["UID"] == uid }) else {
            return nil
        }
        switch entry["STATUS"]?.uppercased() {
        case "CANCELLED": self = .cancelled
        case "COMPLETED": self = .completed
        case nil where entry["COMPLETED"] != nil: self = .completed
        default: self = entry["PERCENT-COMPLETE"] == "100" ? .completed : .open
        }
    }
}

/// The properties of the events and to-dos of an iCalendar text, without those of their alarms.
struct EntryReading {
    /// Values by the properties' names.
    private(set) var entries: [[String: String]] = []
    private var components: [String] = []

    /// Takes `text` apart; what is no iCalendar has no entries.
    init(_ text: [UInt8]) {
        for line in EntryReading.unfolded(text) { take(line) }
        // An exception of a series that staff made is not the entry itself.
        entries.removeAll { $0["RECURRENCE-ID"] != nil }
    }

    /// The content lines (RFC 5545, section 3.1); bare line feeds are taken as well.
    private static func unfolded(_ text: [UInt8]) -> [String] {
        var lines: [[UInt8]] = []
        for var line in text.split(separator: 0x0A) {
            if line.last == 0x0D { line.removeLast() }
            if let first = line.first, first == 0x20 || first == 0x09, !lines.isEmpty {
                lines[lines.count - 1] += line.dropFirst()
            } else {
                lines.append(Array(line))
            }
        }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    private mutating func take(_ line: String) {
        guard let end = line.firstIndex(where: { $0 == ":" || $0 == ";" }),
            let colon = line.firstIndex(of: ":")
        else { return }
        let name = line[..<end].uppercased()
        let value = String(line[line.index(after: colon)...])
        switch name {
        case "BEGIN": begin(value.uppercased())
        case "END": components = components.dropLast()
        default: if isInEntry { entries[entries.count - 1][name] = value }
        }
    }

    private mutating func begin(_ component: String) {
        components.append(component)
        if isInEntry { entries.append([:]) }
    }

    private var isInEntry: Bool {
        components.count == 2 && ["VEVENT", "VTODO"].contains(components[1])
    }
}
