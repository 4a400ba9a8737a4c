import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Commands about templates.
enum TemplateCommands {
    static let all: [any Command.Type] = [
        TemplateCreate.self, TemplateGet.self, TemplateList.self, TemplateUpdate.self,
        TemplateRestore.self, TemplateDelete.self,
    ]
}

private struct TemplateCreate: Command {
    static let op = "template.create"
    let id: String
    let name: String?
    let description: String?
    let definition: WorkflowDefinition?
    let workflow: String?

    init(_ args: inout ObjectReader) throws(FieldError) {
        id = try args.identifier("id")
        name = try args.text("name", DefinitionLimits.name)
        description = try args.text("description", DefinitionLimits.description)
        workflow = try args.string("workflow")
        definition = try args.definition("definition")
        guard (definition == nil) != (workflow == nil) else {
            throw FieldError(
                definition == nil ? .missing : .invalid, at: args.path(of: "definition"),
                "A template is made of either a definition or a workflow.")
        }
    }

    func run(in context: CommandContext) throws -> CommandResult {
        guard try context.session.template(id) == nil else {
            throw CommandError(
                .alreadyExists, "There is a template with this id.",
                hint: "Choose another id, or change that one with template.update.", path: "args.id"
            )
        }
        let source = try definition ?? newest(of: workflow ?? "", context)
        let template = StoredTemplate(
            id: id, rev: 1, name: name ?? source.name,
            description: description ?? source.description,
            definition: source.json.text, created: context.turn.now, updated: context.turn.now)
        try context.session.put(template)
        try context.turn.record("template.created", ["template": .string(id)])
        return .done(try template.json(context))
    }

    private func newest(of workflow: String, _ context: CommandContext) throws -> WorkflowDefinition
    {
        let stored = try context.workflow(workflow)
        return try context.catalog.version(stored.version, context.session).timeline.definition
    }
}

private struct TemplateGet: Command {
    static let op = "template.get"
    static let isWrite = false
    let id: String

    init(_ args: inout ObjectReader) throws(FieldError) { id = try args.requiredString("template") }

    func run(in context: CommandContext) throws -> CommandResult {
        .done(try TemplateReading.template(id, context).json(context))
    }
}

private struct TemplateList: Command {
    static let op = "template.list"
    static let isWrite = false
    let page: PageRequest

    init(_ args: inout ObjectReader) throws(FieldError) {
        page = try PageRequest(&args, of: "templates")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let templates = try context.session.templates(
            after: page.cursor ?? "", limit: page.limit + 1)
        return page.page("templates", templates, cursor: \.id) { .object($0.head) }
    }
}

private struct TemplateUpdate: Command {
    static let op = "template.update"
    static let takesRevision = true
    let id: String
    let name: String?
    let description: String?
    let definition: WorkflowDefinition?

    init(_ args: inout ObjectReader) throws(FieldError) {
        id = try args.requiredString("template")
        name = try args.text("name", DefinitionLimits.name)
        description = try args.text("description", DefinitionLimits.description)
        definition = try args.definition("definition")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        var template = try TemplateReading.template(id, context)
        try context.checkRevision(template.rev)
        let before = template
        template.name = name ?? template.name
        template.description = description ?? template.description
        template.definition = definition?.json.text ?? template.definition
        return .done(try context.update(before, to: template).json(context))
    }
}

/// Makes a template that comes with the program what it was at first, also one that was deleted.
private struct TemplateRestore: Command {
    static let op = "template.restore"
    static let takesRevision = true
    let id: String

    init(_ args: inout ObjectReader) throws(FieldError) { id = try args.requiredString("template") }

    func run(in context: CommandContext) throws -> CommandResult {
        let shipped = try shipped(at: context.turn.now)
        guard var template = try context.session.template(id) else {
            try context.session.put(shipped)
            try context.turn.record("template.created", ["template": .string(id)])
            return .done(shipped.head)
        }
        try context.checkRevision(template.rev)
        let before = template
        template.name = shipped.name
        template.description = shipped.description
        template.definition = shipped.definition
        return .done(try context.update(before, to: template).head)
    }

    private func shipped(at now: Instant) throws -> StoredTemplate {
        let all = try ShippedTemplates.all(at: now)
        if let template = all.first(where: { $0.id == id }) { return template }
        let near = Spelling.nearest(to: id, among: all.map(\.id))
        throw CommandError(
            .notFound, "No template with this id comes with the program.",
            hint: near.map { "Did you mean \"\($0)\"?" }
                ?? "These do: \(all.map(\.id).joined(separator: ", ")).",
            path: "args.template")
    }
}

private struct TemplateDelete: Command {
    static let op = "template.delete"
    static let takesRevision = true
    let id: String

    init(_ args: inout ObjectReader) throws(FieldError) { id = try args.requiredString("template") }

    func run(in context: CommandContext) throws -> CommandResult {
        let template = try TemplateReading.template(id, context)
        try context.checkRevision(template.rev)
        try context.session.deleteTemplate(id)
        try context.turn.record("template.deleted", ["template": .string(id)])
        return .done(["deleted": true])
    }
}

extension ObjectReader {
    /// Member `name` as a definition, or nil where absent.
    fileprivate mutating func definition(_ name: String) throws(FieldError) -> WorkflowDefinition? {
        guard let json = value(name) else { return nil }
        return try WorkflowDefinition(json: json, at: path(of: name))
    }
}

/// Reads templates for commands.
enum TemplateReading {
    static func template(_ id: String, _ context: CommandContext) throws -> StoredTemplate {
        guard let template = try context.session.template(id) else {
            throw CommandError(
                .notFound, "There is no such template.",
                hint: "template.list names those there are.",
                path: "args.template")
        }
        return template
    }

    static func definition(of id: String, _ context: CommandContext) throws -> WorkflowDefinition {
        let text = try template(id, context).definition
        return try WorkflowDefinition(json: try JSON(parsing: text), at: "template")
    }
}

extension CommandContext {
    /// Stores `template` in place of `before` where it says anything else; returns what is there then.
    fileprivate func update(_ before: StoredTemplate, to template: StoredTemplate) throws
        -> StoredTemplate
    {
        guard !template.says(sameAs: before) else { return before }
        var template = template
        template.rev += 1
        template.updated = turn.now
        try session.put(template)
        try turn.record("template.updated", ["template": .string(template.id)])
        return template
    }
}

extension StoredTemplate {
    fileprivate func says(sameAs other: StoredTemplate) -> Bool {
        name.isExactly(other.name) && description.isExactly(other.description)
            && definition.isExactly(other.definition)
    }

    fileprivate var head: JSONObject {
        [
            "id": .string(id), "name": .string(name), "description": .string(description),
            "rev": .integer(Int64(rev)), "created_at": .string(created.rfc3339),
            "updated_at": .string(updated.rfc3339),
        ]
    }

    fileprivate func json(_ context: CommandContext) throws -> JSONObject {
        var object = head
        let json = try JSON(parsing: definition)
        object["definition"] = json
        try DefinitionWarnings(context: context).add(
            to: &object, of: WorkflowDefinition(json: json, at: "definition"))
        return object
    }
}
