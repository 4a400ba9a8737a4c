public import WorkflowModel

/// A definition laid out flat: each step has a number, and knows where the flow goes on behind it.
///
/// Numbers follow the order in which an author reads the tree, so they never change within a version
/// and an enrollment can store one in place of an id.
public final class Timeline: Sendable {
    /// One step and its successors.
    public struct Node: Sendable {
        /// The step.
        public let step: Step
        /// The number behind it; ``Timeline/end`` where it is the last.
        public fileprivate(set) var next: Int
        /// The first number of each path of a branch, `otherwise` last; empty for other steps.
        public fileprivate(set) var entries: [Int]
    }

    /// The definition that was laid out.
    public let definition: WorkflowDefinition
    /// The steps by number.
    public let nodes: [Node]
    /// The names of the signals that its conditions ask about.
    public let signals: Set<String>
    /// Those of them whose data are asked about.
    public let signalsWithData: Set<String>

    /// The number behind the last step.
    public var end: Int { nodes.count }

    /// Lays `definition` out.
    public init(_ definition: WorkflowDefinition) {
        self.definition = definition
        var layout = Layout()
        layout.append(definition.steps, behind: nil)
        nodes = layout.finished()
        let conditions = Timeline.conditions(of: definition)
        signals = conditions.reduce(into: []) { $0.formUnion($1.signals) }
        signalsWithData = Set(
            conditions.flatMap(\.signalTests).filter { !$0.filter.isEmpty }.map(\.name))
    }

    /// The number of step `id`, or nil.
    public func number(of id: String) -> Int? { nodes.firstIndex { $0.step.id == id } }

    private static func conditions(of definition: WorkflowDefinition) -> [Condition] {
        let branches = definition.allSteps.flatMap { step -> [Condition] in
            if case .branch(let branch) = step.action { branch.paths.map(\.when) } else { [] }
        }
        return definition.exits.map(\.when) + branches
    }
}

/// Numbers the steps of a tree depth first.
private struct Layout {
    private var nodes: [Timeline.Node] = []

    /// Appends `steps`; behind the last of them the flow goes on at `continuation`, nil for the end.
    /// - Returns: the number of the first, or `continuation` where there is none.
    @discardableResult
    mutating func append(_ steps: [Step], behind continuation: Int?) -> Int? {
        // The number of a follower is known only once what lies before it is numbered; -1 stands
        // for the end until the count is known.
        let numbers = self.numbers(of: steps)
        for (index, step) in steps.enumerated() {
            let next = index + 1 < steps.count ? numbers[index + 1] : continuation
            append(step, next: next)
        }
        return numbers.first ?? continuation
    }

    private func numbers(of steps: [Step]) -> [Int] {
        var number = nodes.count
        return steps.map { step in
            defer { number += step.selfAndDescendants.count }
            return number
        }
    }

    private mutating func append(_ step: Step, next: Int?) {
        let number = nodes.count
        nodes.append(Timeline.Node(step: step, next: next ?? -1, entries: []))
        guard case .branch(let branch) = step.action else { return }
        for list in branch.lists {
            let entry = append(list.steps, behind: next) ?? -1
            nodes[number].entries.append(entry)
        }
    }

    func finished() -> [Timeline.Node] {
        let end = nodes.count
        return nodes.map { node in
            var node = node
            if node.next < 0 { node.next = end }
            node.entries = node.entries.map { $0 < 0 ? end : $0 }
            return node
        }
    }
}
