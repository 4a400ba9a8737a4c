public import JSONLines

/// A statement about what a contact did and what is known about it.
public indirect enum Condition: Hashable, Sendable {
    case signal(SignalTest)
    case field(FieldPath, Comparison)
    case all([Condition])
    case any([Condition])
    case not(Condition)

    /// The names of all signals it asks about.
    public var signals: Set<String> {
        switch self {
        case .signal(let test): [test.name]
        case .field: []
        case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.signals) }
        case .not(let part): part.signals
        }
    }

    /// All tests of signals in it.
    public var signalTests: [SignalTest] {
        switch self {
        case .signal(let test): [test]
        case .field: []
        case .all(let parts), .any(let parts): parts.flatMap(\.signalTests)
        case .not(let part): part.signalTests
        }
    }
}

/// Whether a signal came.
public struct SignalTest: Hashable, Sendable {
    /// The signal's name.
    public var name: String
    /// What its data have to be like.
    public var filter: [DataTest]
    /// The step since whose execution it counts; nil counts since enrollment.
    public var sinceStep: String?

    /// A test for a signal called `name`.
    public init(name: String, filter: [DataTest] = [], sinceStep: String? = nil) {
        self.name = name
        self.filter = filter
        self.sinceStep = sinceStep
    }
}

/// What one member of a signal's data has to be like.
public struct DataTest: Hashable, Sendable {
    /// The member's name.
    public var name: String
    /// The comparison it has to pass.
    public var comparison: Comparison

    /// A test of member `name`.
    public init(name: String, comparison: Comparison) {
        self.name = name
        self.comparison = comparison
    }
}

/// A comparison with a value that the author wrote down.
public struct Comparison: Hashable, Sendable {
    /// The comparisons there are.
    public enum Operator: String, CaseIterable, Hashable, Sendable {
        case equals, contains, exists
        case notEquals = "not_equals"
        case greaterThan = "greater_than"
        case lessThan = "less_than"
        case isIn = "in"
    }

    /// The comparison.
    public var `operator`: Operator
    /// What is compared with.
    public var operand: JSON

    /// A comparison with `operand`.
    public init(_ operator: Operator, _ operand: JSON) {
        self.operator = `operator`
        self.operand = operand
    }

    /// Whether `value` (nil where there is none) passes.
    ///
    /// Numbers compare by value, to ``PlainNumber/decimals``, also where one of the two is a text that is
    /// a number; texts compare by code point. Other values of different types are unequal and neither is
    /// greater. A value that is absent or null passes only `not_equals` and `exists: false`.
    public func holds(for value: JSON?) -> Bool {
        let value = value == .null ? nil : value
        switch `operator` {
        case .exists: return (value != nil) == (operand.bool ?? true)
        case .notEquals: return value.map { !Comparison.equal($0, operand) } ?? true
        case .equals: return value.map { Comparison.equal($0, operand) } ?? false
        case .greaterThan: return value.map { Comparison.less(operand, $0) } ?? false
        case .lessThan: return value.map { Comparison.less($0, operand) } ?? false
        case .isIn:
            return value.map { value in
                (operand.array ?? []).contains { Comparison.equal(value, $0) }
            } ?? false
        case .contains: return value.map { Comparison.contains($0, operand) } ?? false
        }
    }

    private static func equal(_ left: JSON, _ right: JSON) -> Bool {
        if let (left, right) = numbers(left, right) { return left == right }
        return left == right
    }

    private static func less(_ left: JSON, _ right: JSON) -> Bool {
        if let (left, right) = numbers(left, right) { return left < right }
        guard let left = left.string, let right = right.string else { return false }
        if let left = Instant(rfc3339: left), let right = Instant(rfc3339: right) {
            return left < right
        }
        return left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
    }

    /// Both as numbers, where one is a number and the other one is one or is a text of one.
    private static func numbers(_ left: JSON, _ right: JSON) -> (Double, Double)? {
        guard left.double != nil || right.double != nil, let left = number(left),
            let right = number(right)
        else { return nil }
        return (PlainNumber.rounded(left), PlainNumber.rounded(right))
    }

    private static func number(_ value: JSON) -> Double? {
        value.double ?? value.string.flatMap(PlainNumber.value)
    }

    private static func contains(_ whole: JSON, _ part: JSON) -> Bool {
        if let elements = whole.array { return elements.contains { equal($0, part) } }
        guard let whole = whole.string, let part = part.string else { return false }
        return TextSearch(for: part).isFound(in: whole)
    }
}
