extension JSON {
    /// This value as compact text that is the same for all ways to write it: members are sorted by name,
    /// and a number without a fraction is an integer.
    public var canonicalText: String { canonical.text }

    private var canonical: JSON {
        switch self {
        case .number(let value): JSON.integral(value) ?? self
        case .array(let elements): .array(elements.map(\.canonical))
        case .object(let object):
            .object(
                JSONObject(
                    uniqueMembers: object.members.map { ($0.name, $0.value.canonical) }
                        .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }))
        case .null, .bool, .integer, .string: self
        }
    }

    private static func integral(_ value: Double) -> JSON? {
        guard let integer = Int64(exactly: value), integer.magnitude <= JSON.largestInteger else {
            return nil
        }
        return .integer(integer)
    }
}
