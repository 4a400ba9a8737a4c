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
    /// The most fields that `isInUse` is asked about.
    private static let looks = 20

    /// A review by what is `known`; `isInUse` looks whether anything at all has a field, and is asked
    /// about few.
    public init(_ known: KnownNames, isInUse: @escaping (FieldPath) throws -> Bool) {
        self.known = known
        self.isInUse = isInUse
    }

    /// What is to be warned of, in the order of the definition; each name in each place once.
    public func warnings(of references: [DefinitionReference]) throws -> [DefinitionWarning] {
        var looked: [FieldPath: Bool] = [:]
        var warnings: [DefinitionWarning] = []
        for reference in references where warnings.count < DefinitionReview.limit {
            switch reference.subject {
            case .signal(let name): warnings += warning(signal: name, reference)
            case .field(let path) where !known.knows(path):
                if looked[path] == nil {
                    guard looked.count < DefinitionReview.looks else { continue }
                    looked[path] = try isInUse(path)
                }
                if looked[path] == false { warnings += warning(field: path, reference) }
            case .field: break
            }
        }
        return warnings
    }

    private func warning(signal name: String, _ reference: DefinitionReference)
        -> [DefinitionWarning]
    {
        guard !known.signals.contains(name), let nearest = known.nearest(toSignal: name) else {
            return []
        }
        return [
            DefinitionWarning(code: .signalMisspelled, reference: reference, nearest: nearest)
        ]
    }

    private func warning(field path: FieldPath, _ reference: DefinitionReference)
        -> [DefinitionWarning]
    {
        if let nearest = known.nearest(to: path) {
            return [
                DefinitionWarning(code: .fieldMisspelled, reference: reference, nearest: nearest)
            ]
        }
        let elsewhere = known.sameElsewhere(as: path)
        guard elsewhere != nil || !known.unseen.contains(path.root) else { return [] }
        return [DefinitionWarning(code: .fieldUnknown, reference: reference, nearest: elsewhere)]
    }
}
