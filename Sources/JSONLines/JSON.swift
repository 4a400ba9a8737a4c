/// One JSON value, as all three protocols exchange it.
///
/// Numbers without a fraction and exponent are ``integer`` and lie within ±(2^53-1), the range that
/// every JSON implementation keeps exactly (RFC 8259, section 6). All others are ``number``.
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)

    /// The largest magnitude of an ``integer``: 2^53-1.
    public static let largestInteger: Int64 = 9_007_199_254_740_991

    /// The value of member `name`, or nil where this is no object or has no such member.
    public subscript(name: String) -> JSON? {
        if case .object(let object) = self { object[name] } else { nil }
    }

    /// The element at `index`, or nil where this is no array or is shorter.
    public subscript(index: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The text of a ``string``, else nil.
    public var string: String? { if case .string(let text) = self { text } else { nil } }

    /// The value of an ``integer``, else nil.
    public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }

    /// The value of an ``integer`` or a ``number`` as a double, else nil.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The value of a ``bool``, else nil.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The elements of an ``array``, else nil.
    public var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }

    /// The members of an ``object``, else nil.
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

    /// What kind of value this is, in the words of an error message: `"a string"`, `"an object"`.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSON {
    /// Whether both are the same value: texts by code point, objects in whatever order, and an integer
    /// is not the number with its value.
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.isExactly(right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// Feeds the value to `hasher`.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .string(let text): hasher.combine(ExactText(text))
        case .array(let elements): hasher.combine(elements)
        case .object(let object): hasher.combine(object)
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByNilLiteral
{
    /// A ``string``.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An ``integer``, which must lie within ±(2^53-1).
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A ``number``.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A ``bool``.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An ``array``.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// An ``object``, whose names must differ.
    public init(dictionaryLiteral members: (String, JSON)...) {
        self = .object(JSONObject(uniqueMembers: members.map { (name: $0.0, value: $0.1) }))
    }
    /// A ``null``.
    public init(nilLiteral: ()) { self = .null }
}
