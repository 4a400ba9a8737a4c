public import JSONLines

/// Something in a definition that can be meant, but most likely is not.
public struct DefinitionWarning: Hashable, Sendable {
    /// The stable codes.
    public enum Code: String, Hashable, Sendable {
        /// Nothing has this field, and it is much like one that is known.
        case fieldMisspelled = "field_misspelled"
        /// Nothing has this field.
        case fieldUnknown = "field_unknown"
        /// This signal never came, and it is much like one that is known.
        case signalMisspelled = "signal_misspelled"
    }

    /// The stable code.
    public let code: Code
    /// Where it stands.
    public let reference: DefinitionReference
    /// What it was probably meant to be.
    public let nearest: String?

    /// The field or the signal as it stands there.
    public var name: String {
        switch reference.subject {
        case .field(let path): path.text
        case .signal(let name): name
        }
    }

    /// One sentence for people.
    public var message: String {
        switch reference.subject {
        case .field(let path) where path.root == .business: "The settings have no field \(name)."
        case .field(let path): "No \(path.root.rawValue) has the field \(name)."
        case .signal: "A signal \(name) has never come."
        }
    }

    /// What to do about it, where that is known.
    public var hint: String? { nearest.map { "Did you mean \"\($0)\"?" } }

    /// The warning as a member of a reply.
    public var json: JSON {
        var object: JSONObject = [
            "code": .string(code.rawValue), "path": .string(reference.place),
            "field": .string(name),
        ]
        object["nearest"] = nearest.map(JSON.string)
        object["message"] = .string(message)
        object["hint"] = hint.map(JSON.string)
        return .object(object)
    }
}

/// Looks for names in a definition that nothing has.
public struct DefinitionReview {
    private let known: KnownNames
    private let isInUse: (FieldPath) throws -> Bool

    /// The most warnings of one definition.
    public static let limit = 50
    /// The most fields, and signals, that nothing is known of and that are looked into: a definition has
    /// room for many thousands.
    private static let looks = (fields: 20, signals: 50)

    /// A review by what is `known`; `isInUse` looks whether anything at all has a field, and is asked
    /// about few.
    public init(_ known: KnownNames, isInUse: @escaping (FieldPath) throws -> Bool) {
        self.known = known
        self.isInUse = isInUse
    }

    /// What is to be warned of, in the order of the definition; each name in each place once.
    public func warnings(of references: [DefinitionReference]) throws -> [DefinitionWarning] {
        var looks = DefinitionReview.looks
        var findings: [DefinitionReference.Subject: Finding?] = [:]
        var warnings: [DefinitionWarning] = []
        for reference in references where warnings.count < DefinitionReview.limit {
            let subject = reference.subject
            if findings[subject] == nil {
                findings[subject] = .some(try finding(subject, &looks))
            }
            guard case let finding?? = findings[subject] else { continue }
            warnings.append(
                DefinitionWarning(
                    code: finding.code, reference: reference, nearest: finding.nearest))
        }
        return warnings
    }

    /// What is odd about a name, wherever it stands.
    private struct Finding {
        let code: DefinitionWarning.Code
        let nearest: String?
    }

    private func finding(
        _ subject: DefinitionReference.Subject, _ looks: inout (fields: Int, signals: Int)
    ) throws -> Finding? {
        switch subject {
        case .signal(let name):
            guard !known.signals.contains(name), looks.signals > 0 else { return nil }
            looks.signals -= 1
            return known.nearest(toSignal: name).map {
                Finding(code: .signalMisspelled, nearest: $0)
            }
        case .field(let path):
            guard !known.knows(path), looks.fields > 0 else { return nil }
            looks.fields -= 1
            return try isInUse(path) ? nil : finding(field: path)
        }
    }

    private func finding(field path: FieldPath) -> Finding? {
        if let nearest = known.nearest(to: path) {
            return Finding(code: .fieldMisspelled, nearest: nearest)
        }
        let elsewhere = known.sameElsewhere(as: path)
        guard elsewhere != nil || !known.unseen.contains(path.root) else { return nil }
        return Finding(code: .fieldUnknown, nearest: elsewhere)
    }
}
