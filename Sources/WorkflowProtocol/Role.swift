/// What a client may do; each role may also do all that the roles before it may.
public enum Role: String, CaseIterable, Hashable, Sendable, Comparable {
    /// Reads everything and follows the events.
    case reader
    /// Writes definitions: workflows, steps, templates.
    case author
    /// Runs the business: enrollments, signals, contacts, records, and whether a workflow works.
    case `operator`
    /// Sets up the service: settings, keys, what is purged, the clock.
    case admin

    /// Whether `left` may do less than `right`.
    public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .reader: 0
        case .author: 1
        case .operator: 2
        case .admin: 3
        }
    }
}
