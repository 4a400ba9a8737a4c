import JSONLines
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Warns of names in a definition that nothing has, by what is stored and documented.
struct DefinitionWarnings {
    let context: CommandContext

    /// What is to be warned of in `definition`, which stands in the reply as `definition`.
    func warnings(of definition: WorkflowDefinition) throws -> [DefinitionWarning] {
        let references = definition.references(at: "definition")
        let known = documented(for: definition)
        guard !known.knowsAll(references) else { return [] }
        let record = definition.entry.record
        let review = DefinitionReview(try stored(known, record)) { path in
            let name = path.names.last ?? ""
            switch path.root {
            case .contact: return try context.session.contactsMayHave(field: name)
            case .record: return try context.session.recordsMayHave(field: name, type: record)
            case .business, .enrollment: return false
            }
        }
        return try review.warnings(of: references)
    }

    /// Adds `warnings` to a reply that shows `definition`, where there are any.
    func add(to reply: inout JSONObject, of definition: WorkflowDefinition) throws {
        let warnings = try warnings(of: definition)
        if !warnings.isEmpty { reply["warnings"] = .array(warnings.map(\.json)) }
    }

    /// Refuses to let contacts into a workflow that reads a misspelled field.
    func refuseMisspelled(in definition: WorkflowDefinition) throws {
        let misspelled = try warnings(of: definition).filter { $0.code == .fieldMisspelled }
        guard let first = misspelled.first else { return }
        throw CommandError(
            .fieldsUnconfirmed, first.message,
            hint: "\(first.hint ?? "") Where it is meant, send \"confirm_fields\": true.",
            path: first.reference.place,
            details: ["warnings": .array(misspelled.map(\.json))])
    }

    private func documented(for definition: WorkflowDefinition) -> KnownNames {
        var known = KnownNames()
        for shipped in ShippedTemplates.definitions {
            let record = definition.entry.record
            known.add(
                namesOf: shipped, recordFields: record == nil || record == shipped.entry.record)
        }
        known.add(business: context.catalog.settings.business)
        for channel in context.turn.channels.names {
            known.signals.formUnion(["\(channel).replied", "\(channel).opened"])
        }
        return known
    }

    private func stored(_ documented: KnownNames, _ record: String?) throws -> KnownNames {
        var known = documented
        let contact = try context.session.contactFieldPaths()
        known.fields[.contact, default: []].formUnion(contact)
        if contact.isEmpty { known.unseen.insert(.contact) }
        let record = try context.session.recordFieldPaths(type: record)
        known.fields[.record, default: []].formUnion(record)
        if record.isEmpty { known.unseen.insert(.record) }
        if context.catalog.settings.business.isEmpty { known.unseen.insert(.business) }
        known.signals.formUnion(try context.session.signalNames())
        return known
    }
}
