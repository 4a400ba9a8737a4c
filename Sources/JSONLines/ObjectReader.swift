/// Why a member of an object is not what was asked for, and how to mend it.
public struct FieldError: Error, Hashable, Sendable {
    /// The kinds of offence.
    public enum Kind: Hashable, Sendable {
        case missing
        case unknown
        case invalid
    }

    /// What kind of offence it is.
    public let kind: Kind
    /// Where: `args.steps[2].for.days`.
    public let path: String
    /// One sentence that repeats no value.
    public let message: String
    /// How to mend it, where that is known.
    public let hint: String?

    /// An offence of `kind` at `path`.
    public init(_ kind: Kind, at path: String, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.path = path
        self.message = message
        self.hint = hint
    }
}

/// Takes an object apart member by member, and refuses what nobody asked for.
///
/// Ask for every member, then call ``finish()``: a name that was never asked for is an error with the
/// nearest known name as a hint, so that a misspelt option cannot be ignored in silence. A member that
/// is null counts as absent.
public struct ObjectReader {
    /// Where the object stands, the prefix of each error's path.
    public let path: String
    private let object: JSONObject
    private var asked: [String] = []

    /// A reader of `value`.
    /// - Throws: ``FieldError`` where `value` is no object.
    public init(_ value: JSON, at path: String) throws(FieldError) {
        guard case .object(let object) = value else {
            throw FieldError(.invalid, at: path, "Expected an object, not \(value.kind).")
        }
        self.object = object
        self.path = path
    }

    /// The names of all members, in the order in which they were written.
    public var memberNames: [String] { object.names }

    /// The path of member `name`.
    public func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// Member `name` as it is, or nil.
    public mutating func value(_ name: String) -> JSON? {
        asked.append(name)
        let value = object[name]
        return value == .null ? nil : value
    }

    /// Whether member `name` stands there, be it null.
    public mutating func contains(_ name: String) -> Bool {
        asked.append(name)
        return object[name] != nil
    }

    /// Member `name`, which has to be there.
    public mutating func required(_ name: String) throws(FieldError) -> JSON {
        try present(value(name), name)
    }

    /// Member `name` as a string, or nil where absent.
    public mutating func string(_ name: String) throws(FieldError) -> String? {
        try typed(name, "a string", \.string)
    }

    /// Member `name` as a string that is there and not empty.
    public mutating func requiredString(_ name: String) throws(FieldError) -> String {
        let text = try present(string(name), name)
        guard !text.isEmpty else { throw invalid(name, "It must not be empty.") }
        return text
    }

    /// Member `name` as an integer within `range`, or nil where absent.
    public mutating func integer(_ name: String, in range: ClosedRange<Int> = .min ... .max)
        throws(FieldError) -> Int?
    {
        guard let value = try typed(name, "an integer", \.integer) else { return nil }
        guard range.contains(Int(value)) else {
            throw invalid(name, "It must be from \(range.lowerBound) to \(range.upperBound).")
        }
        return Int(value)
    }

    /// Member `name` as a boolean, or nil where absent.
    public mutating func bool(_ name: String) throws(FieldError) -> Bool? {
        try typed(name, "true or false", \.bool)
    }

    /// Member `name` as an array, or nil where absent.
    public mutating func array(_ name: String) throws(FieldError) -> [JSON]? {
        try typed(name, "an array", \.array)
    }

    /// Member `name` as an object's members, or nil where absent.
    public mutating func members(_ name: String) throws(FieldError) -> JSONObject? {
        try typed(name, "an object", \.object)
    }

    /// A reader of member `name`, or nil where absent.
    public mutating func object(_ name: String) throws(FieldError) -> ObjectReader? {
        guard let value = value(name) else { return nil }
        return try ObjectReader(value, at: path(of: name))
    }

    /// An error about the value of member `name`.
    public func invalid(_ name: String, _ message: String, hint: String? = nil) -> FieldError {
        FieldError(.invalid, at: path(of: name), message, hint: hint)
    }

    /// Checks that every member was asked for.
    /// - Throws: ``FieldError`` of kind unknown about the first that was not.
    public func finish() throws(FieldError) {
        if let first = unknownMembers.first { throw first }
    }

    /// An error about each member that was not asked for.
    public var unknownMembers: [FieldError] {
        object.names.filter { !asked.contains($0) }.map { name in
            let near = Spelling.nearest(to: name, among: asked)
            let known = asked.sorted().joined(separator: ", ")
            return FieldError(
                .unknown, at: path(of: name), "This field is not known here.",
                hint: near.map { "Did you mean \"\($0)\"?" } ?? "Known fields: \(known).")
        }
    }

    private mutating func typed<T>(
        _ name: String, _ expected: String, _ extract: (JSON) -> T?
    ) throws(FieldError) -> T? {
        guard let value = value(name) else { return nil }
        guard let result = extract(value) else {
            throw invalid(name, "Expected \(expected), not \(value.kind).")
        }
        return result
    }

    private func present<T>(_ value: T?, _ name: String) throws(FieldError) -> T {
        guard let value else {
            throw FieldError(.missing, at: path(of: name), "This field is required.")
        }
        return value
    }
}
