import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Lets a workflow take contacts, and lets go on what a halt held back.
struct WorkflowActivate: Command {
    static let op = "workflow.activate"
    static let takesRevision = true
    let workflow: String
    let confirmsFields: Bool

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
        confirmsFields = try args.bool("confirm_fields") ?? false
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let stored = try context.workflow(workflow)
        let definition = try context.catalog.version(stored.version, context.session).timeline
            .definition
        try check(definition, context)
        // Who lifts a brake is not asked: it was confirmed, or is older than the question.
        if !confirmsFields, stored.state == .draft {
            try DefinitionWarnings(context: context).refuseMisspelled(in: definition)
        }
        let result = try WorkflowStateChange(context: context).change(stored, to: .active)
        if stored.state == .halted {
            try context.session.wakeHalted(workflow: stored.id, at: context.turn.now)
        }
        return .done(result)
    }

    private func check(_ definition: WorkflowDefinition, _ context: CommandContext) throws {
        guard !definition.steps.isEmpty else {
            throw CommandError(
                .workflowEmpty, "A workflow without steps does nothing.",
                hint: "Add a step with step.create.")
        }
        guard context.catalog.businessZone != nil else {
            throw CommandError(
                .timeZoneMissing,
                "The business has no time zone, so that no local time can be kept.",
                hint:
                    #"Send settings.put with "time_zone": "America/New_York", or whichever it is."#)
        }
        let installed = context.turn.channels.names
        for channel in definition.channels.sorted() where !installed.contains(channel) {
            throw CommandError(
                .channelUnknown, "The channel \"\(channel)\" is not installed.",
                hint: "channel.list names those that are.", details: ["channel": .string(channel)])
        }
    }
}

/// Takes no new contacts, and changes nothing for those inside.
struct WorkflowPause: Command {
    static let op = "workflow.pause"
    static let takesRevision = true
    let workflow: String

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let stored = try context.workflow(workflow)
        guard stored.state != .draft else {
            throw CommandError(.workflowNotActive, "A draft takes no contacts anyway.")
        }
        guard stored.state != .halted else {
            throw CommandError(
                .workflowHalted, "A halted workflow takes no contacts anyway.",
                hint: "Activate it first; then what was held back goes on.")
        }
        return .done(try WorkflowStateChange(context: context).change(stored, to: .paused))
    }
}

/// The emergency brake: nothing is sent until it is active again.
struct WorkflowHalt: Command {
    static let op = "workflow.halt"
    static let takesRevision = true
    let workflow: String

    init(_ args: inout ObjectReader) throws(FieldError) {
        workflow = try args.requiredString("workflow")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let stored = try context.workflow(workflow)
        guard stored.state != .draft else {
            throw CommandError(.workflowNotActive, "A draft sends nothing anyway.")
        }
        return .done(try WorkflowStateChange(context: context).change(stored, to: .halted))
    }
}

/// Changes a workflow's state, which is a revision but no version.
struct WorkflowStateChange {
    let context: CommandContext

    func change(_ stored: StoredWorkflow, to state: WorkflowState) throws -> JSONObject {
        try context.checkRevision(of: stored)
        var changed = stored
        if stored.state != state {
            changed.state = state
            changed.rev += 1
            changed.updated = context.turn.now
            try context.catalog.put(changed, context.session)
            var subject = EventSubject()
            subject.version = stored.version
            try context.turn.record(
                "workflow.state_changed", about: subject,
                ["from": .string(stored.state.rawValue), "to": .string(state.rawValue)])
        }
        return try WorkflowView(context: context).head(changed)
    }
}
