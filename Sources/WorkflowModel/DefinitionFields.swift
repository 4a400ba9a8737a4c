public import JSONLines

/// Forms of fields that definitions and commands share.
extension ObjectReader {
    /// Member `name` as a text of at most `limit` characters, or nil where absent.
    public mutating func text(_ name: String, _ limit: Int, required: Bool = false)
        throws(FieldError) -> String?
    {
        let text = required ? try requiredString(name) : try string(name)
        guard let text, text.unicodeScalars.count > limit else { return text }
        throw invalid(name, "It is longer than \(limit) characters.")
    }

    /// Member `name` as an identifier: 1 to 64 of `a-z A-Z 0-9 _ - . :`.
    public mutating func identifier(_ name: String) throws(FieldError) -> String {
        try checkedIdentifier(requiredString(name), name)
    }

    /// Member `name` as an identifier, or nil where absent.
    public mutating func optionalIdentifier(_ name: String) throws(FieldError) -> String? {
        guard let text = try string(name) else { return nil }
        return try checkedIdentifier(text, name)
    }

    private func checkedIdentifier(_ text: String, _ name: String) throws(FieldError) -> String {
        let allowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "."), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        guard allowed, (1...64).contains(text.utf8.count) else {
            throw invalid(
                name, "It must be 1 to 64 letters, digits or any of _ - . : without spaces.")
        }
        return text
    }

    /// Member `name` as a signal's name, such as `sms.replied`.
    public mutating func signalName(_ name: String) throws(FieldError) -> String {
        let text = try identifier(name)
        guard text.contains("."), !text.hasPrefix("."), !text.hasSuffix(".") else {
            throw invalid(name, "A signal's name is dotted.", hint: "For instance sms.replied.")
        }
        return text
    }

    /// Member `name` as a moment by RFC 3339, or nil where absent.
    public mutating func instant(_ name: String) throws(FieldError) -> Instant? {
        guard let text = try string(name) else { return nil }
        guard let instant = Instant(rfc3339: text) else {
            throw invalid(
                name, "It is not a moment by RFC 3339.", hint: "For instance 2026-03-01T10:00:00Z.")
        }
        return instant
    }

    /// Member `name` as a time of day, or nil where absent.
    public mutating func wallTime(_ name: String) throws(FieldError) -> WallTime? {
        guard let text = try string(name) else { return nil }
        guard let time = WallTime(text: text) else {
            throw invalid(name, "It is not a time of day.", hint: "For instance 09:30.")
        }
        return time
    }

    /// Member `name` as days of the week, or nil where absent.
    public mutating func weekdays(_ name: String) throws(FieldError) -> Set<Weekday>? {
        guard let elements = try array(name) else { return nil }
        var days: Set<Weekday> = []
        for (index, element) in elements.enumerated() {
            days.insert(try ObjectReader.choice(element, at: "\(path(of: name))[\(index)]"))
        }
        guard !days.isEmpty else { throw invalid(name, "It names no day.") }
        return days
    }

    /// Member `name` as a length of time, or nil where absent.
    ///
    /// At least one part has to be there; parts are negative only where `signed`.
    public mutating func duration(_ name: String, signed: Bool = false) throws(FieldError)
        -> DurationAmount?
    {
        guard var reader = try object(name) else { return nil }
        let days = DefinitionLimits.days
        let lower = signed ? -1 : 0
        let weeks = try reader.integer("weeks", in: lower * days / 7...days / 7)
        let dayCount = try reader.integer("days", in: lower * days...days)
        let hours = try reader.integer("hours", in: lower * days * 24...days * 24)
        let minutes = try reader.integer("minutes", in: lower * days * 1_440...days * 1_440)
        try reader.finish()
        guard weeks ?? dayCount ?? hours ?? minutes != nil else {
            throw invalid(
                name, "It has none of weeks, days, hours, minutes.",
                hint: #"For instance {"days": 3}."#)
        }
        return DurationAmount(
            weeks: weeks ?? 0, days: dayCount ?? 0, hours: hours ?? 0, minutes: minutes ?? 0)
    }

    /// Member `name` as a merge field's path, such as `record.balance`.
    public mutating func fieldPath(_ name: String) throws(FieldError) -> FieldPath {
        let text = try requiredString(name)
        do {
            return try FieldPath(parsing: text)
        } catch {
            throw invalid(name, error.reason, hint: error.hint)
        }
    }

    /// Member `name` as tests of a signal's data; absent means none.
    public mutating func dataTests(_ name: String) throws(FieldError) -> [DataTest] {
        guard let members = try members(name) else { return [] }
        var tests: [DataTest] = []
        for (field, value) in members.members {
            guard value != .null else {
                throw FieldError(
                    .invalid, at: "\(path(of: name)).\(field)", "Nothing is equal to null.",
                    hint: #"For a member that is not there: {"exists": false}."#)
            }
            guard case .object = value else {
                tests.append(DataTest(name: field, comparison: Comparison(.equals, value)))
                continue
            }
            var reader = try ObjectReader(value, at: "\(path(of: name)).\(field)")
            tests.append(DataTest(name: field, comparison: try Comparison(reader: &reader)))
            try reader.finish()
        }
        return tests
    }

    /// The elements of member `name`, each read by `read` with its path; absent means none.
    public mutating func elements<T>(
        _ name: String, atMost limit: Int, _ read: (JSON, String) throws(FieldError) -> T
    ) throws(FieldError) -> [T] {
        let elements = try array(name) ?? []
        guard elements.count <= limit else {
            throw invalid(name, "It has more than \(limit) elements.")
        }
        var results: [T] = []
        for (index, element) in elements.enumerated() {
            results.append(try read(element, "\(path(of: name))[\(index)]"))
        }
        return results
    }

    /// Member `name` as one of a closed set of names, or nil where absent.
    public mutating func choice<T: RawRepresentable & CaseIterable>(
        _ name: String, _: T.Type = T.self
    )
        throws(FieldError) -> T? where T.RawValue == String
    {
        guard let value = value(name) else { return nil }
        return try ObjectReader.choice(value, at: path(of: name))
    }

    /// `value` as one of a closed set of names.
    public static func choice<T: RawRepresentable & CaseIterable>(_ value: JSON, at path: String)
        throws(FieldError) -> T where T.RawValue == String
    {
        let known = T.allCases.map(\.rawValue)
        guard let text = value.string, let choice = T(rawValue: text) else {
            let near = value.string.flatMap { Spelling.nearest(to: $0, among: known) }
            throw FieldError(
                .invalid, at: path, "It must be one of \(known.joined(separator: ", ")).",
                hint: near.map { "Did you mean \"\($0)\"?" })
        }
        return choice
    }
}
