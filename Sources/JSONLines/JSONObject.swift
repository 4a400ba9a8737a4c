/// The members of a JSON object, in the order in which they were written.
///
/// Names are unique. Two objects are equal when they have the same members, in whatever order.
public struct JSONObject: Sendable {
    /// The members, in order.
    public private(set) var members: [(name: String, value: JSON)]

    /// An object without members.
    public init() { members = [] }

    /// An object of `members`, whose names the caller knows to be unique.
    init(uniqueMembers members: [(name: String, value: JSON)]) { self.members = members }

    /// Whether the object has no members.
    public var isEmpty: Bool { members.isEmpty }

    /// The number of members.
    public var count: Int { members.count }

    /// The names, in order.
    public var names: [String] { members.map(\.name) }

    /// The value of member `name`, or nil.
    ///
    /// Setting a new name appends it; setting nil removes it.
    public subscript(name: String) -> JSON? {
        get {
            for index in members.indices where members[index].name == name {
                return members[index].value
            }
            return nil
        }
        set {
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append((name, value))
            case (nil, nil): break
            }
        }
    }

    /// This object with the members of `changes` put over it; a null there removes the member.
    public func merging(_ changes: JSONObject) -> JSONObject {
        var merged = self
        for (name, value) in changes.members {
            // Spelt out, because a bare nil beside a JSON value is JSON's null.
            merged[name] = value == .null ? Optional<JSON>.none : value
        }
        return merged
    }
}

extension JSONObject: Hashable {
    /// Whether both have the same members, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.members.allSatisfy { right[$0.name] == $0.value }
    }

    /// Feeds the members, without their order, to `hasher`.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(members.count)
        var combined = 0
        for (name, value) in members {
            var member = Hasher()
            member.combine(name)
            member.combine(value)
            combined ^= member.finalize()
        }
        hasher.combine(combined)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// An object of `members`, whose names must differ.
    public init(dictionaryLiteral members: (String, JSON)...) {
        self.init(uniqueMembers: members.map { (name: $0.0, value: $0.1) })
    }
}
