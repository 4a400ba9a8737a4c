extension Step {
    /// This step and all steps in its paths, in the order of the timeline.
    public var selfAndDescendants: [Step] {
        guard case .branch(let branch) = action else { return [self] }
        let inner = branch.paths.map(\.steps) + [branch.otherwise]
        return [self] + inner.flatMap { $0.flatMap(\.selfAndDescendants) }
    }

    /// This step and its descendants with the ids that `id` gives them.
    func mapped(_ id: (Step) -> String) -> Step {
        var step = self
        step.id = id(self)
        if case .branch(var branch) = action {
            branch.paths = branch.paths.map { path in
                var path = path
                path.steps = path.steps.map { $0.mapped(id) }
                return path
            }
            branch.otherwise = branch.otherwise.map { $0.mapped(id) }
            step.action = .branch(branch)
        }
        return step
    }
}

extension WorkflowDefinition {
    /// All steps, in the order of the timeline.
    public var allSteps: [Step] { steps.flatMap(\.selfAndDescendants) }

    /// The channels that its messages use, fallbacks included.
    public var channels: Set<String> {
        allSteps.reduce(into: []) { channels, step in
            if case .message(let message) = step.action {
                channels.formUnion(message.variants.map(\.channel))
            }
        }
    }
}

/// A place in a definition where a step stands or can stand.
public struct StepPlace: Hashable, Sendable {
    /// The branch whose path holds the step; nil for the workflow's own list.
    public var branch: String?
    /// The path's name in that branch; `otherwise` for the last.
    public var path: String?
    /// The position in the list, from 0.
    public var index: Int

    /// Position `index` in the workflow's own list, or in `path` of `branch`.
    public init(branch: String? = nil, path: String? = nil, index: Int) {
        self.branch = branch
        self.path = path
        self.index = index
    }
}

/// Changes of a tree of steps.
///
/// Each leaves the tree as it was where it returns nil.
public enum StepTree {
    /// Where step `id` stands, or nil.
    public static func place(of id: String, in steps: [Step]) -> StepPlace? {
        if let index = steps.firstIndex(where: { $0.id == id }) { return StepPlace(index: index) }
        for step in steps {
            guard case .branch(let branch) = step.action else { continue }
            for (name, list) in branch.lists {
                guard var place = place(of: id, in: list) else { continue }
                if place.branch == nil { (place.branch, place.path) = (step.id, name) }
                return place
            }
        }
        return nil
    }

    /// Step `id`, or nil.
    public static func find(_ id: String, in steps: [Step]) -> Step? {
        steps.lazy.flatMap(\.selfAndDescendants).first { $0.id == id }
    }

    /// The steps of the list that `place` names, or nil where there is no such list.
    public static func list(at place: StepPlace, in steps: [Step]) -> [Step]? {
        guard let branchID = place.branch else { return steps }
        guard case .branch(let branch)? = find(branchID, in: steps)?.action else { return nil }
        return branch.lists.first { $0.name == place.path }?.steps
    }

    /// `steps` with `step` at `place`, or nil where there is no such place.
    public static func inserting(_ step: Step, at place: StepPlace, in steps: [Step]) -> [Step]? {
        changing(listAt: place, in: steps) { list in
            guard (0...list.count).contains(place.index) else { return nil }
            var list = list
            list.insert(step, at: place.index)
            return list
        }
    }

    /// Step `id` and the tree without it, or nil where it is not there.
    public static func removing(_ id: String, from steps: [Step]) -> (step: Step, rest: [Step])? {
        guard let step = find(id, in: steps), let place = place(of: id, in: steps) else {
            return nil
        }
        let rest = changing(listAt: place, in: steps) { list in
            var list = list
            list.remove(at: place.index)
            return list
        }
        return rest.map { (step, $0) }
    }

    /// `steps` with the list at `place` replaced by what `change` makes of it, or nil.
    public static func changing(
        listAt place: StepPlace, in steps: [Step], _ change: ([Step]) -> [Step]?
    ) -> [Step]? {
        guard let branchID = place.branch else { return change(steps) }
        var result = steps
        for (index, step) in steps.enumerated() {
            guard case .branch(let branch) = step.action else { continue }
            let changed =
                step.id == branchID
                ? branch.changing(place.path ?? "", change)
                : branch.changingAny { changing(listAt: place, in: $0, change) }
            guard let changed else { continue }
            result[index].action = .branch(changed)
            return result
        }
        return nil
    }
}

extension BranchStep {
    /// The lists of all ways on, with their names; `otherwise` is the last.
    public var lists: [(name: String, steps: [Step])] {
        paths.map { ($0.name, $0.steps) } + [(BranchStep.otherwiseName, otherwise)]
    }

    fileprivate func changing(_ name: String, _ change: ([Step]) -> [Step]?) -> BranchStep? {
        var branch = self
        if name == BranchStep.otherwiseName {
            guard let changed = change(otherwise) else { return nil }
            branch.otherwise = changed
            return branch
        }
        guard let index = paths.firstIndex(where: { $0.name == name }),
            let changed = change(paths[index].steps)
        else { return nil }
        branch.paths[index].steps = changed
        return branch
    }

    fileprivate func changingAny(_ change: ([Step]) -> [Step]?) -> BranchStep? {
        for (name, _) in lists {
            if let changed = changing(name, change) { return changed }
        }
        return nil
    }
}
