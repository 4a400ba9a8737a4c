/// The members of a JSON object, in the order in which they were written.
///
/// Names are unique by their code points. Two objects are equal when they have the same members, in whatever order.
public struct JSONObject: Sendable {
    /// The members, in order.
    public private(set) var members: [(name: String, value: JSON)]
    /// Where each member stands, in an object of many: hostile ones stay linear.
    private var positions: [ExactText: Int]?

    /// Up to so many members a walk is as fast as a look into a table.
    private static let walked = 32

    /// An object without members.
    public init() { members = [] }

    /// An object of `members`, whose names the caller knows to be unique.
    init(uniqueMembers members: [(name: String, value: JSON)]) {
        self.members = members
        noteAll()
    }

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
            if positions != nil { return position(of: name).map { members[$0].value } }
            for index in members.indices where members[index].name.isExactly(name) {
                return members[index].value
            }
            return nil
        }
        set {
            switch (position(of: name), newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): remove(at: [index])
            case (nil, let value?): append(name, value)
            case (nil, nil): break
            }
        }
    }

    /// This object with the members of `changes` put over it; a null there removes the member.
    public func merging(_ changes: JSONObject) -> JSONObject {
        var merged = self
        var removed: Set<Int> = []
        for (name, value) in changes.members {
            if value != .null {
                merged[name] = value
            } else if let index = merged.position(of: name) {
                removed.insert(index)
            }
        }
        if !removed.isEmpty { merged.remove(at: removed) }
        return merged
    }

    private func position(of name: String) -> Int? {
        if let positions { return positions[ExactText(name)] }
        return members.firstIndex { $0.name.isExactly(name) }
    }

    private mutating func append(_ name: String, _ value: JSON) {
        members.append((name, value))
        if positions == nil { return noteAll() }
        positions?[ExactText(name)] = members.count - 1
    }

    private mutating func remove(at indices: Set<Int>) {
        self = JSONObject(
            uniqueMembers: members.indices.filter { !indices.contains($0) }.map { members[$0] })
    }

    private mutating func noteAll() {
        guard members.count > JSONObject.walked else { return }
        positions = Dictionary(
            uniqueKeysWithValues: members.indices.map { (ExactText(members[$0].name), $0) })
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
            member.combine(ExactText(name))
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
