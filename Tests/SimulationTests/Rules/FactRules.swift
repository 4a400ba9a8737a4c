import JSONLines

/// What clients were told is stored is what is there.
struct FactRules {
    let knowledge: Knowledge

    /// Compares the fields of `contact`, nil where the service knows no such contact.
    func check(_ fields: JSON?, of contact: String) throws {
        let expected = knowledge.contacts[contact].map { JSON.object($0.withoutNulls) }
        guard fields == expected else {
            throw Violation(
                "\(contact) has \(fields?.text ?? "no fields"), not \(expected?.text ?? "none")")
        }
    }
}

extension JSONObject {
    fileprivate var withoutNulls: JSONObject {
        var object = self
        for (name, value) in members where value == .null { object[name] = nil }
        return object
    }
}
