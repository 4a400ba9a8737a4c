public import JSONLines

/// Why a text is not the path of a field, and how to mend it.
public struct FieldPathError: Error, Hashable, Sendable {
    /// One sentence that repeats nothing of the text.
    public let reason: String
    /// How to mend it, where that is known.
    public let hint: String?
}

/// Names a value that a message or a condition reads, such as `contact.first_name`.
public struct FieldPath: Hashable, Sendable {
    /// Whose field it is.
    public enum Root: String, CaseIterable, Hashable, Sendable {
        case contact, record, business, enrollment
    }

    /// Whose field it is.
    public let root: Root
    /// The names below the root, at least one; more than one where objects are nested.
    public let names: [String]
    /// The path as it was written.
    public let text: String

    /// The names below `enrollment`; those of the other roots are open.
    public static let enrollmentFields = ["id", "workflow", "enrolled_at", "unsubscribe_url"]
    /// The most names below a root.
    public static let maximumDepth = 8

    /// Reads `text`: a root and one or more names, joined by dots.
    ///
    /// A name holds ASCII letters, digits, `_` and `-`, and does not end in `-`.
    public init(parsing text: String) throws(FieldPathError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let root = Root(rawValue: parts[0]) else { throw FieldPath.unknownRoot(parts[0]) }
        let names = Array(parts.dropFirst())
        guard !names.isEmpty else {
            throw FieldPathError(
                reason: "The name of the field is missing.",
                hint: "Write \"\(root.rawValue).name\".")
        }
        guard names.count <= FieldPath.maximumDepth, names.allSatisfy(FieldPath.isName) else {
            throw FieldPathError(
                reason: "A field is named by letters, digits, _ and -, and does not end in a -.",
                hint: nil)
        }
        if root == .enrollment { try FieldPath.checkEnrollment(names) }
        self.root = root
        self.names = names
        self.text = text
    }

    /// Reads `text` as ``init(parsing:)`` does; nil where it is no path.
    public init?(_ text: String) {
        do { try self.init(parsing: text) } catch { return nil }
    }

    /// The value of this field in `fields`, the fields of its root; nil where there is none or null.
    public func value(in fields: JSONObject) -> JSON? {
        var value = fields[names[0]]
        for name in names.dropFirst() { value = value?[name] }
        return value == .null ? nil : value
    }

    private static func isName(_ name: String) -> Bool {
        name.utf8.allSatisfy(isNameByte) && !name.isEmpty && !name.hasSuffix("-")
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func unknownRoot(_ name: String) -> FieldPathError {
        let near = Spelling.nearest(to: name, among: Root.allCases.map(\.rawValue))
        return FieldPathError(
            reason: "A field begins with contact., record., business. or enrollment.",
            hint: near.map { "Did you mean \"\($0)\"?" })
    }

    private static func checkEnrollment(_ names: [String]) throws(FieldPathError) {
        guard names.count != 1 || !enrollmentFields.contains(names[0]) else { return }
        let near = Spelling.nearest(to: names[0], among: enrollmentFields)
        let known = enrollmentFields.joined(separator: ", ")
        throw FieldPathError(
            reason: "An enrollment has no such field.",
            hint: near.map { "Did you mean \"enrollment.\($0)\"?" } ?? "It has: \(known).")
    }
}
