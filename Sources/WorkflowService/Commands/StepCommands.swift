import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Commands about single steps.
///
/// Each is one version of its workflow; in an atomic batch all changes of one workflow share one,
/// because only the last state is committed.
enum StepCommands {
    static let all: [any Command.Type] = [
        StepCreate.self, StepGet.self, StepList.self, StepUpdate.self, StepDelete.self,
        StepMove.self,
    ]
}

/// Where a step is to stand: `{branch, path}` for a list, `index`, `before` or `after` within it.
private struct PlaceRequest {
    let branch: String?
    let path: String?
    let index: Int?
    let before: String?
    let after: String?

    init(_ args: inout ObjectReader) throws(FieldError) {
        guard var reader = try args.object("place") else {
            (branch, path, index, before, after) = (nil, nil, nil, nil, nil)
            return
        }
        branch = try reader.string("branch")
        path = try reader.string("path")
        index = try reader.integer("index", in: 0...DefinitionLimits.steps)
        before = try reader.string("before")
        after = try reader.string("after")
        try reader.finish()
        guard (branch == nil) == (path == nil) else {
            throw reader.invalid("path", "A path of a branch is named by both branch and path.")
        }
        guard [index.map(String.init), before, after].compactMap({ $0 }).count <= 1 else {
            throw FieldError(
                .invalid, at: reader.path,
                "Only one of index, before and after says where a step stands.")
        }
    }

    /// The place among `steps`; the end of the list where nothing else is said.
    func resolve(in steps: [Step]) throws -> StepPlace {
        if let neighbour = before ?? after {
            guard var place = StepTree.place(of: neighbour, in: steps) else {
                throw missing(before == nil ? "after" : "before")
            }
            if branch != nil, place.branch != branch || place.path != path {
                throw missing(before == nil ? "after" : "before")
            }
            if after != nil { place.index += 1 }
            return place
        }
        var place = StepPlace(branch: branch, path: path, index: 0)
        guard let list = StepTree.list(at: place, in: steps) else { throw missing("branch") }
        place.index = min(index ?? list.count, list.count)
        return place
    }

    private func missing(_ name: String) -> CommandError {
        CommandError(
            .notFound, "There is no such place in this workflow.",
            hint: "step.list shows the steps with their branches and paths.",
            path: "args.place.\(name)")
    }
}

private func notFound(_ step: String, _ steps: [Step]) -> CommandError {
    let near = Spelling.nearest(to: step, among: steps.flatMap(\.selfAndDescendants).map(\.id))
    return CommandError(
        .notFound, "There is no such step in this workflow.",
        hint: near.map { "Did you mean \"\($0)\"?" },
        path: "args.step")
}

private struct StepCreate: Command {
    static let op = "step.create"
    static let takesRevision = true
    let workflow: String
    let step: Step
    let place: PlaceRequest

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
        step = try Step(json: args.required("step"), at: args.path(of: "step"))
        place = try PlaceRequest(&args)
    }

    func run(in context: CommandContext) throws -> CommandResult {
        var id = step.id
        var result = try WorkflowEditor(context: context).edit(workflow) { old in
            let change = StepChange(definition: old, path: "args.step", idPath: "args.step.id")
            try change.checkIDs(of: step)
            let place = try place.resolve(in: old.steps)
            let steps = StepTree.inserting(step, at: place, in: old.steps)
            let new = try change.applied(steps ?? old.steps, changed: step.id)
            if id.isEmpty {
                id = StepTree.list(at: place, in: new.steps)?[place.index].id ?? ""
            }
            return new
        }
        result["step"] = .string(id)
        return .done(result)
    }
}

private struct StepGet: Command {
    static let op = "step.get"
    static let isWrite = false
    let workflow: String
    let step: String

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
        step = try args.requiredString("step")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let stored = try context.workflow(workflow)
        let steps = try context.catalog.version(stored.version, context.session).timeline.definition
            .steps
        guard let found = StepTree.find(step, in: steps),
            let place = StepTree.place(of: step, in: steps)
        else { throw notFound(step, steps) }
        return .done(["step": found.json, "place": place.json, "rev": .integer(Int64(stored.rev))])
    }
}

private struct StepList: Command {
    static let op = "step.list"
    static let isWrite = false
    let workflow: String

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let stored = try context.workflow(workflow)
        let definition = try context.catalog.version(stored.version, context.session).timeline
            .definition
        let steps = definition.allSteps.map { step -> JSON in
            var object: JSONObject = ["id": .string(step.id), "kind": .string(step.action.kind)]
            object["name"] = step.name.map(JSON.string)
            object["place"] = StepTree.place(of: step.id, in: definition.steps)?.json
            return .object(object)
        }
        return .done(["steps": .array(steps), "rev": .integer(Int64(stored.rev))])
    }
}

private struct StepUpdate: Command {
    static let op = "step.update"
    static let takesRevision = true
    let workflow: String
    let step: String
    let changes: JSONObject

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
        step = try args.requiredString("step")
        changes = try args.members("changes") ?? [:]
        guard !changes.isEmpty else {
            throw FieldError(
                .missing, at: args.path(of: "changes"), "Nothing is to be changed.",
                hint: #"For instance "changes": {"for": {"days": 2}}; null removes a member."#)
        }
    }

    func run(in context: CommandContext) throws -> CommandResult {
        .done(
            try WorkflowEditor(context: context).edit(workflow) { old in
                guard let found = StepTree.find(step, in: old.steps),
                    let place = StepTree.place(of: step, in: old.steps)
                else { throw notFound(step, old.steps) }
                let merged = (found.json.object ?? [:]).merging(changes)
                let changed = try Step(json: .object(merged), at: "args.changes")
                let change = StepChange(
                    definition: old, path: "args.changes", idPath: "args.changes.id")
                try change.checkIDs(of: changed, besides: found)
                let steps = StepTree.changing(listAt: place, in: old.steps) { list in
                    var list = list
                    list[place.index] = changed
                    return list
                }
                return try change.applied(steps ?? old.steps, changed: changed.id)
            })
    }
}

private struct StepDelete: Command {
    static let op = "step.delete"
    static let takesRevision = true
    let workflow: String
    let step: String

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
        step = try args.requiredString("step")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        .done(
            try WorkflowEditor(context: context).edit(workflow) { old in
                guard let (_, steps) = StepTree.removing(step, from: old.steps) else {
                    throw notFound(step, old.steps)
                }
                return try StepChange(definition: old, path: "args.step", idPath: "args.step")
                    .applied(steps)
            })
    }
}

private struct StepMove: Command {
    static let op = "step.move"
    static let takesRevision = true
    let workflow: String
    let step: String
    let place: PlaceRequest

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
        step = try args.requiredString("step")
        place = try PlaceRequest(&args)
    }

    func run(in context: CommandContext) throws -> CommandResult {
        .done(
            try WorkflowEditor(context: context).edit(workflow) { old in
                guard let (moved, rest) = StepTree.removing(step, from: old.steps) else {
                    throw notFound(step, old.steps)
                }
                let place = try place.resolve(in: rest)
                let steps = StepTree.inserting(moved, at: place, in: rest)
                return try StepChange(definition: old, path: "args.place", idPath: "args.step")
                    .applied(steps ?? rest)
            })
    }
}

extension StepPlace {
    /// The place as a member of a reply, in the form in which commands take it.
    fileprivate var json: JSON {
        var object = JSONObject()
        object["branch"] = branch.map(JSON.string)
        object["path"] = path.map(JSON.string)
        object["index"] = .integer(Int64(index))
        return .object(object)
    }
}
