import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Commands about workflows as a whole.
enum WorkflowCommands {
    static let all: [any Command.Type] = [
        WorkflowCreate.self, WorkflowGet.self, WorkflowList.self, WorkflowUpdate.self,
        WorkflowDelete.self,
        WorkflowActivate.self, WorkflowPause.self, WorkflowHalt.self, WorkflowDuplicate.self,
        WorkflowVersions.self, WorkflowPreview.self, WorkflowStats.self,
    ]
}

/// Makes a draft of a definition, or of a template.
private struct WorkflowCreate: Command {
    static let op = "workflow.create"
    let id: String?
    let definition: WorkflowDefinition?
    let template: String?

    init(_ args: inout ObjectReader) throws(FieldError) {
        id = try args.optionalIdentifier("id")
        template = try args.string("template")
        if let json = args.value("definition") {
            definition = try WorkflowDefinition(json: json, at: args.path(of: "definition"))
        } else {
            definition = nil
        }
        guard (definition == nil) != (template == nil) else {
            throw FieldError(
                definition == nil ? .missing : .invalid, at: args.path(of: "definition"),
                "A workflow is made of either a definition or a template.")
        }
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let editor = WorkflowEditor(context: context)
        let source = try definition ?? TemplateReading.definition(of: template ?? "", context)
        return .done(try editor.create(id, source))
    }
}

/// Reads a workflow with its newest definition, or that of a version.
private struct WorkflowGet: Command {
    static let op = "workflow.get"
    static let isWrite = false
    let workflow: String
    let version: Int?

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
        version = try args.integer("version", in: 1 ... .max)
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let stored = try context.workflow(workflow)
        let view = WorkflowView(context: context)
        guard let version else { return .done(try view.whole(stored)) }
        let all = try context.session.versions(workflow: stored.id)
        guard let found = all.first(where: { $0.number == version }) else {
            throw CommandError(.notFound, "There is no such version.", path: "args.version")
        }
        return .done(
            try view.whole(stored, version: context.catalog.version(found.id, context.session)))
    }
}

/// Lists workflows by id, without their definitions.
private struct WorkflowList: Command {
    static let op = "workflow.list"
    static let isWrite = false
    let page: PageRequest
    let state: WorkflowState?

    init(_ args: inout ObjectReader) throws(FieldError) {
        page = try PageRequest(&args, of: "workflows")
        state = try args.choice("state")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let view = WorkflowView(context: context)
        let all = context.catalog.workflows.values.filter { state == nil || $0.state == state }
            .sorted { $0.publicID < $1.publicID }
            .filter { $0.publicID > page.cursor ?? "" }
        return try page.page("workflows", Array(all.prefix(page.limit + 1)), cursor: \.publicID) {
            workflow in
            .object(try view.head(workflow))
        }
    }
}

/// Replaces the definition, or the parts of it that are given.
private struct WorkflowUpdate: Command {
    static let op = "workflow.update"
    static let takesRevision = true
    let workflow: String
    let definition: WorkflowDefinition?
    let changes: JSONObject
    let path: String

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
        path = args.path(of: "changes")
        changes = try args.members("changes") ?? [:]
        if let json = args.value("definition") {
            definition = try WorkflowDefinition(json: json, at: args.path(of: "definition"))
        } else {
            definition = nil
        }
        guard (definition == nil) != changes.isEmpty else {
            throw FieldError(
                .missing, at: args.path(of: "definition"),
                "An update has either a whole definition, or changes of some of its members.",
                hint: #"For instance "changes": {"name": "New name"}."#)
        }
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let editor = WorkflowEditor(context: context)
        return .done(
            try editor.edit(workflow) { old in
                if let definition { return definition }
                let merged = (old.json.object ?? [:]).merging(changes)
                return try WorkflowDefinition(json: .object(merged), at: path)
            })
    }
}

/// Removes a workflow; its history stays.
private struct WorkflowDelete: Command {
    static let op = "workflow.delete"
    static let takesRevision = true
    let workflow: String
    let unenroll: Bool

    /// Contacts that one call takes out at most, so that others are not kept waiting.
    private static let batch = 2_000

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
        unenroll = try args.bool("unenroll") ?? false
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let stored = try context.workflow(workflow)
        try context.checkRevision(of: stored)
        let inside = try context.session.count(workflow: stored.id, status: .active)
        guard inside == 0 || unenroll else {
            throw CommandError(
                .inUse, "Contacts are still inside this workflow.",
                hint:
                    #"Send "unenroll": true to take them out, or pause it until they are through."#,
                details: ["inside": .integer(Int64(inside))])
        }
        let leaving = try context.session.activeEnrollments(
            workflow: stored.id, limit: Self.batch)
        for enrollment in leaving { try context.runner.run(enrollment) { $0.unenroll() } }
        let unenrolled = JSON.integer(Int64(leaving.count))
        guard leaving.count == inside else {
            return .done(["deleted": false, "unenrolled": unenrolled, "more": true])
        }
        var subject = EventSubject()
        subject.version = stored.version
        try context.turn.record(
            "workflow.deleted", about: subject, ["unenrolled": unenrolled])
        try context.catalog.remove(stored, at: context.turn.now, context.session)
        return .done(["deleted": true, "unenrolled": unenrolled, "more": false])
    }
}

/// Copies the newest definition into a new draft.
private struct WorkflowDuplicate: Command {
    static let op = "workflow.duplicate"
    let workflow: String
    let id: String?
    let name: String?

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
        id = try args.optionalIdentifier("id")
        name = try args.text("name", DefinitionLimits.name)
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let stored = try context.workflow(workflow)
        var definition = try context.catalog.version(stored.version, context.session).timeline
            .definition
        definition.name = name ?? String("Copy of \(definition.name)".prefix(DefinitionLimits.name))
        return .done(try WorkflowEditor(context: context).create(id, definition))
    }
}

/// Lists the versions, newest first, with who stands on which.
private struct WorkflowVersions: Command {
    static let op = "workflow.versions"
    static let isWrite = false
    let workflow: String
    let page: PageRequest

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
        page = try PageRequest(&args, of: "versions")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let stored = try context.workflow(workflow)
        let counts = Dictionary(
            uniqueKeysWithValues: try context.session.activeCounts(workflow: stored.id).map {
                ($0.version, $0.count)
            })
        let before = try page.number() ?? .max
        let versions = try context.session.versions(workflow: stored.id).filter {
            $0.number < before
        }
        return page.page(
            "versions", Array(versions.prefix(page.limit + 1)),
            cursor: { PageRequest.cursor(Int64($0.number)) }
        ) { version in
            [
                "version": .integer(Int64(version.number)), "hash": .string(version.hash),
                "created_at": .string(version.created.rfc3339),
                "inside": .integer(Int64(counts[version.id] ?? 0)),
                "newest": .bool(version.id == stored.version),
            ]
        }
    }
}

/// How the workflow does.
private struct WorkflowStats: Command {
    static let op = "workflow.stats"
    static let isWrite = false
    let workflow: String

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let stored = try context.workflow(workflow)
        return .done(try WorkflowStatistics(context: context).json(stored))
    }
}
