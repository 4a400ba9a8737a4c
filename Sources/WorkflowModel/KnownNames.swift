public import JSONLines

/// The names that fields and signals are known to have, besides those that a definition gives them.
public struct KnownNames: Sendable {
    /// The paths below each root, such as `address.city`.
    public var fields: [FieldPath.Root: Set<String>]
    /// The signals.
    public var signals: Set<String>
    /// The roots of which nothing is stored yet, so that no field can be missed there.
    public var unseen: Set<FieldPath.Root> = []

    /// The fields of contacts that the service itself reads or that office staff are told of.
    public static let contactFields: Set<String> = [
        "first_name", "last_name", "full_name", "email", "phone", "time_zone",
    ]
    /// The fields of the business that settings are documented to have.
    public static let businessFields: Set<String> = [
        "name", "address", "phone", "booking_url", "review_url", "payment_url",
    ]
    /// The signals that the service raises by itself.
    public static let ownSignals: Set<String> = [
        "message.sent", "message.delivered", "message.failed", "link.clicked", "call.answered",
        "contact.unsubscribed", "contact.resubscribed",
    ]

    /// What is documented, before anything is stored.
    public init() {
        fields = [
            .contact: KnownNames.contactFields, .record: [],
            .business: KnownNames.businessFields, .enrollment: Set(FieldPath.enrollmentFields),
        ]
        signals = KnownNames.ownSignals
    }

    /// Adds what `definition` names, the fields of its record only where they are wanted.
    public mutating func add(namesOf definition: WorkflowDefinition, recordFields: Bool) {
        for reference in definition.references(at: "") {
            switch reference.subject {
            case .field(let path) where path.root == .record && !recordFields: break
            case .field(let path): fields[path.root, default: []].insert(path.below)
            case .signal(let name): signals.insert(name)
            }
        }
    }

    /// Adds the members of the settings' `business`, at whatever depth.
    public mutating func add(business members: JSONObject) { add(members, below: "") }

    private mutating func add(_ members: JSONObject, below prefix: String) {
        for (name, value) in members.members where value != .null {
            fields[.business, default: []].insert(prefix + name)
            if case .object(let inner) = value { add(inner, below: "\(prefix)\(name).") }
        }
    }

    /// Whether all of `references` are known.
    public func knowsAll(_ references: [DefinitionReference]) -> Bool {
        references.allSatisfy { reference in
            switch reference.subject {
            case .field(let path): knows(path)
            case .signal(let name): signals.contains(name)
            }
        }
    }

    func knows(_ path: FieldPath) -> Bool { fields[path.root]?.contains(path.below) == true }

    /// The known field that `path` was probably meant to be.
    func nearest(to path: FieldPath) -> String? {
        let known = fields[path.root] ?? []
        // All of their fields are known, so that no short one is a word of its own.
        let isClosed = path.root == .business || path.root == .enrollment
        return Likeness.nearest(to: path.below, among: known, shortest: isClosed ? 4 : 5)
            .map { "\(path.root.rawValue).\($0)" }
    }

    /// A field of this name under another root.
    func sameElsewhere(as path: FieldPath) -> String? {
        let root = FieldPath.Root.allCases.first {
            $0 != path.root && fields[$0]?.contains(path.below) == true
        }
        return root.map { "\($0.rawValue).\(path.below)" }
    }

    /// The known signal that `name` was probably meant to be.
    func nearest(toSignal name: String) -> String? {
        Likeness.nearest(to: name, among: signals, shortest: 5)
    }
}

extension FieldPath {
    /// The names below the root, joined by dots.
    public var below: String { names.joined(separator: ".") }
}

/// Whether one name is another one misspelt, rather than a name of its own.
private enum Likeness {
    /// - Parameter shortest: where a name has fewer letters, one of them makes another word: `vip`, `zip`.
    static func nearest(to name: String, among known: Set<String>, shortest: Int) -> String? {
        let (folded, letters) = (Self.folded(name), Self.letters(name))
        if let same = known.filter({ Self.folded($0) == folded }).min() { return same }
        let candidates = known.filter { other in
            // `phone2` stands beside `phone`.
            max(other.utf8.count, name.utf8.count) >= shortest && Self.letters(other) != letters
        }
        return Spelling.nearest(
            to: name, among: Array(candidates), within: name.utf8.count < 2 * shortest ? 1 : 2)
    }

    /// `firstName`, `First-Name` and `first_name` alike.
    private static func folded(_ name: String) -> String {
        name.lowercased().filter { $0 != "_" && $0 != "-" }
    }

    private static func letters(_ name: String) -> String { name.filter { !$0.isNumber } }
}
