import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Makes and changes workflows: every committed change of a definition is a new version.
struct WorkflowEditor {
    let context: CommandContext

    /// Makes a draft called `id`, or by a name made of its own where that is nil.
    func create(_ id: String?, _ definition: WorkflowDefinition) throws -> JSONObject {
        let name = id ?? freeID(for: definition.name)
        guard context.catalog.workflow(name) == nil else {
            throw CommandError(
                .alreadyExists, "There is a workflow with this id.",
                hint: "Choose another id, or change that one with workflow.update.", path: "args.id"
            )
        }
        var stored = try context.catalog.insert(name, at: context.turn.now, context.session)
        try addVersion(definition, to: &stored)
        try record("workflow.created", stored)
        return try WorkflowView(context: context).whole(stored)
    }

    /// Changes the definition of the workflow called `id`; nothing happens where it stays the same.
    func edit(_ id: String, _ change: (WorkflowDefinition) throws -> WorkflowDefinition) throws
        -> JSONObject
    {
        var stored = try context.workflow(id)
        try context.checkRevision(of: stored)
        let old = try context.catalog.version(stored.version, context.session).timeline.definition
        let new: WorkflowDefinition
        do {
            new = try change(old)
        } catch let error as FieldError {
            throw CommandError(error)
        }
        if new.json != old.json {
            try checkUsable(new, in: stored.state)
            if try replaceVersion(new, of: stored) {
                return try WorkflowView(context: context).whole(stored)
            }
            context.batch?.began(stored)
            try addVersion(new, to: &stored)
            try record("workflow.updated", stored)
        }
        return try WorkflowView(context: context).whole(stored)
    }

    private func checkUsable(_ definition: WorkflowDefinition, in state: WorkflowState) throws {
        guard state != .draft, definition.steps.isEmpty else { return }
        throw CommandError(
            .workflowEmpty, "A workflow that is not a draft keeps at least one step.",
            hint: "Pause it, or delete it with workflow.delete.")
    }

    /// Within an atomic batch all changes of a workflow make one version: the later ones rewrite it.
    private func replaceVersion(_ definition: WorkflowDefinition, of stored: StoredWorkflow) throws
        -> Bool
    {
        guard let batch = context.batch, batch.hasVersion(of: stored) else { return false }
        try context.catalog.rewriteVersion(stored.version, definition, context.session)
        return true
    }

    private func addVersion(_ definition: WorkflowDefinition, to stored: inout StoredWorkflow)
        throws
    {
        let version = try context.catalog.addVersion(
            of: stored.id, definition, at: context.turn.now, context.session)
        stored.version = version.id
        stored.rev += 1
        stored.updated = context.turn.now
        try context.catalog.put(stored, context.session)
        context.batch?.made(stored)
    }

    private func record(_ type: String, _ stored: StoredWorkflow) throws {
        var subject = EventSubject()
        subject.version = stored.version
        try context.turn.record(type, about: subject, ["rev": .integer(Int64(stored.rev))])
    }

    /// An id that a person can read: the name in small letters, with a number where it is taken.
    private func freeID(for name: String) -> String {
        let stem = ReadableID.text(of: name) ?? "workflow"
        if context.catalog.workflow(stem) == nil { return stem }
        var number = 2
        while context.catalog.workflow("\(stem)-\(number)") != nil { number += 1 }
        return "\(stem)-\(number)"
    }
}

/// Shows workflows in replies.
struct WorkflowView {
    let context: CommandContext

    /// All but the definition.
    func head(_ stored: StoredWorkflow) throws -> JSONObject {
        try head(stored, context.catalog.version(stored.version, context.session))
    }

    /// All, with the newest definition or that of `version`.
    func whole(_ stored: StoredWorkflow, version: Version? = nil) throws -> JSONObject {
        let version = try version ?? context.catalog.version(stored.version, context.session)
        var object = try head(stored, version)
        let definition = version.timeline.definition
        object["definition"] = definition.json
        try DefinitionWarnings(context: context).add(to: &object, of: definition)
        return object
    }

    private func head(_ stored: StoredWorkflow, _ version: Version) throws -> JSONObject {
        [
            "id": .string(stored.publicID), "name": .string(version.timeline.definition.name),
            "description": .string(version.timeline.definition.description),
            "state": .string(stored.state.rawValue), "rev": .integer(Int64(stored.rev)),
            "version": .integer(Int64(version.stored.number)), "hash": .string(version.stored.hash),
            "created_at": .string(stored.created.rfc3339),
            "updated_at": .string(stored.updated.rfc3339),
        ]
    }
}

/// Shows how a workflow does.
struct WorkflowStatistics {
    let context: CommandContext

    func json(_ stored: StoredWorkflow) throws -> JSONObject {
        var own: [ExactText: Int] = [:]
        var steps: [String: [ExactText: Int]] = [:]
        for (step, metric, count) in try context.session.statistics(workflow: stored.id) {
            if step.isEmpty {
                own[ExactText(metric)] = count
            } else {
                steps[step, default: [:]][ExactText(metric)] = count
            }
        }
        let definition = try context.catalog.version(stored.version, context.session).timeline
            .definition
        var result: JSONObject = ["workflow": .string(stored.publicID)]
        for name in ["entered", "inside", "finished", "exited", "unenrolled"] {
            result[name] = number(own[ExactText(name)])
        }
        result["exits"] = grouped(own, prefix: "exit:")
        let known = definition.allSteps.map(\.id)
        let gone = steps.keys.filter { !known.contains($0) }.sorted()
        result["steps"] = .array((known + gone).map { step($0, steps[$0] ?? [:]) })
        return result
    }

    private func step(_ id: String, _ counts: [ExactText: Int]) -> JSON {
        var object: JSONObject = ["step": .string(id)]
        for name in [
            "reached", "inside", "accepted", "sent", "delivered", "failed", "unknown", "replied",
            "opened", "clicked",
        ] { object[name] = number(counts[ExactText(name)]) }
        object["skipped"] = grouped(counts, prefix: "skipped:")
        object["paths"] = grouped(counts, prefix: "path:")
        return .object(object)
    }

    private func grouped(_ counts: [ExactText: Int], prefix: String) -> JSON {
        var object = JSONObject()
        for (name, count) in counts.map({ ($0.key.text, $0.value) }).sorted(by: { $0.0 < $1.0 })
        where name.hasPrefix(prefix) {
            object[String(name.dropFirst(prefix.count))] = .integer(Int64(count))
        }
        return .object(object)
    }

    private func number(_ count: Int?) -> JSON { .integer(Int64(count ?? 0)) }
}
