import JSONLines

/// Checks of a definition as a whole, which no single field can make.
struct DefinitionValidation {
    private let definition: WorkflowDefinition
    private let path: String
    private let stepIDs: Set<String>

    init(_ definition: WorkflowDefinition, at path: String) {
        self.definition = definition
        self.path = path
        stepIDs = Set(definition.allSteps.map(\.id))
    }

    private func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    func validate() throws(FieldError) {
        try checkStepCount()
        var seen: Set<String> = []
        try checkStepIDs(definition.steps, at: place("steps"), &seen)
        try checkExitNames()
        for (index, exit) in definition.exits.enumerated() {
            try check(exit.when, at: place("exits[\(index)].when"))
        }
        try check(definition.steps, at: place("steps"))
    }

    private func checkStepCount() throws(FieldError) {
        guard definition.allSteps.count <= DefinitionLimits.steps else {
            throw FieldError(
                .invalid, at: place("steps"), "There are more than \(DefinitionLimits.steps) steps."
            )
        }
    }

    private func checkStepIDs(_ steps: [Step], at path: String, _ seen: inout Set<String>)
        throws(FieldError)
    {
        for (index, step) in steps.enumerated() {
            let here = "\(path)[\(index)]"
            guard seen.insert(step.id).inserted else {
                throw FieldError(
                    .invalid, at: "\(here).id", "Two steps have the id \"\(step.id)\".",
                    hint: "Give each step an id of its own, or none.")
            }
            guard case .branch(let branch) = step.action else { continue }
            for (number, way) in branch.paths.enumerated() {
                try checkStepIDs(way.steps, at: "\(here).paths[\(number)].steps", &seen)
            }
            try checkStepIDs(branch.otherwise, at: "\(here).otherwise.steps", &seen)
        }
    }

    private func checkExitNames() throws(FieldError) {
        var seen: Set<String> = []
        for (index, exit) in definition.exits.enumerated() where !seen.insert(exit.name).inserted {
            throw FieldError(
                .invalid, at: place("exits[\(index)].name"), "Another exit has this name already.")
        }
    }

    private func check(_ steps: [Step], at path: String) throws(FieldError) {
        for (index, step) in steps.enumerated() {
            guard case .branch(let branch) = step.action else { continue }
            let here = "\(path)[\(index)]"
            var names: Set<String> = [BranchStep.otherwiseName]
            for (number, way) in branch.paths.enumerated() {
                guard names.insert(way.name).inserted else {
                    throw FieldError(
                        .invalid, at: "\(here).paths[\(number)].name",
                        "Another path of this branch has this name already.")
                }
                try check(way.when, at: "\(here).paths[\(number)].when")
                try check(way.steps, at: "\(here).paths[\(number)].steps")
            }
            try check(branch.otherwise, at: "\(here).otherwise.steps")
        }
    }

    private func check(_ condition: Condition, at path: String) throws(FieldError) {
        for test in condition.signalTests {
            guard let since = test.sinceStep, !stepIDs.contains(since) else { continue }
            let near = Spelling.nearest(to: since, among: stepIDs.sorted())
            throw FieldError(
                .invalid, at: path, "\"since\" names no step of this workflow.",
                hint: near.map { "Did you mean \"\($0)\"?" })
        }
    }
}
