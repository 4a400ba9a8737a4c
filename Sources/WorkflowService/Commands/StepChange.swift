import JSONLines
import WorkflowModel
import WorkflowProtocol

/// A change of a workflow's steps, and what the definition as a whole has against it, told in the words
/// of the command: its paths begin with `args`.
struct StepChange {
    let definition: WorkflowDefinition
    /// Where the command has the step that it changes, such as `args.step`.
    let path: String
    /// Where it has the step's id.
    let idPath: String

    /// Refuses `step` where it, or a step in its paths, has the id of one that stays beside it.
    func checkIDs(of step: Step, besides replaced: Step? = nil) throws(CommandError) {
        let own = Set((replaced?.selfAndDescendants ?? []).map(\.id))
        let taken = Set(definition.allSteps.map(\.id)).subtracting(own)
        let twice = step.selfAndDescendants.first { !$0.id.isEmpty && taken.contains($0.id) }
        guard let twice else { return }
        throw CommandError(
            .alreadyExists, "There is a step with this id.", hint: "Choose another id, or none.",
            path: "\(StepPaths.path(to: twice.id, in: step, at: path) ?? path).id")
    }

    /// The definition with `steps`, checked again; `changed` is the step that the command is about.
    func applied(_ steps: [Step], changed: String? = nil) throws -> WorkflowDefinition {
        var steps = steps
        StepReading.nameSteps(&steps)
        try checkUses(in: steps)
        var new = definition
        new.steps = steps
        do throws(FieldError) {
            return try WorkflowDefinition(json: new.json, at: "definition")
        } catch {
            throw CommandError(inWordsOfTheCommand(error, steps, changed))
        }
    }

    private func inWordsOfTheCommand(_ error: FieldError, _ steps: [Step], _ changed: String?)
        -> FieldError
    {
        let place = changed.flatMap { StepPaths.path(to: $0, in: steps, at: "definition.steps") }
        let within = place.flatMap {
            error.path.hasPrefix($0) ? error.path.dropFirst($0.count) : nil
        }
        return FieldError(error.kind, at: path + (within ?? ""), error.message, hint: error.hint)
    }

    /// Refuses to take away a step since which a condition counts signals.
    private func checkUses(in steps: [Step]) throws(CommandError) {
        let left = Set(steps.flatMap(\.selfAndDescendants).map(\.id))
        let gone = Set(definition.allSteps.map(\.id)).subtracting(left)
        for exit in definition.exits where exit.when.counts(since: gone) {
            throw inUse(by: "The exit \"\(exit.name)\"")
        }
        for step in steps.flatMap(\.selfAndDescendants) {
            guard case .branch(let branch) = step.action else { continue }
            for way in branch.paths where way.when.counts(since: gone) {
                throw inUse(by: "The path \"\(way.name)\" of the step \"\(step.id)\"")
            }
        }
    }

    private func inUse(by user: String) -> CommandError {
        CommandError(
            .invalidValue, "\(user) counts signals since this step.",
            hint: "Change that condition first.", path: idPath)
    }
}

extension Condition {
    fileprivate func counts(since steps: Set<String>) -> Bool {
        signalTests.contains { $0.sinceStep.map(steps.contains) == true }
    }
}

/// Where steps stand in the JSON of a definition.
private enum StepPaths {
    static func path(to id: String, in steps: [Step], at path: String) -> String? {
        for (index, step) in steps.enumerated() {
            if let found = self.path(to: id, in: step, at: "\(path)[\(index)]") { return found }
        }
        return nil
    }

    static func path(to id: String, in step: Step, at path: String) -> String? {
        if step.id == id { return path }
        guard case .branch(let branch) = step.action else { return nil }
        for (index, way) in branch.paths.enumerated() {
            let list = "\(path).paths[\(index)].steps"
            if let found = self.path(to: id, in: way.steps, at: list) { return found }
        }
        return self.path(to: id, in: branch.otherwise, at: "\(path).otherwise.steps")
    }
}
