/// A field or a signal that a definition names, and where.
public struct DefinitionReference: Hashable, Sendable {
    /// What it names.
    public enum Subject: Hashable, Sendable {
        case field(FieldPath)
        case signal(String)
    }

    /// Where it stands, such as `definition.steps[0].content.text`.
    public let place: String
    /// What it names.
    public let subject: Subject
}

extension WorkflowDefinition {
    /// Every field and signal that the definition names, in the order in which it is written; `path` is
    /// where the definition stands.
    public func references(at path: String) -> [DefinitionReference] {
        var collector = ReferenceCollector()
        for (index, trigger) in entry.triggers.enumerated() {
            collector.add(.signal(trigger.signal), "\(path).entry.triggers[\(index)].signal")
        }
        for (index, exit) in exits.enumerated() {
            collector.add(exit.when, "\(path).exits[\(index)].when")
        }
        collector.add(steps, "\(path).steps")
        return collector.references
    }
}

private struct ReferenceCollector {
    private(set) var references: [DefinitionReference] = []

    mutating func add(_ subject: DefinitionReference.Subject, _ place: String) {
        references.append(DefinitionReference(place: place, subject: subject))
    }

    mutating func add(_ condition: Condition, _ place: String) {
        switch condition {
        case .signal(let test): add(.signal(test.name), "\(place).signal")
        case .field(let path, _): add(.field(path), "\(place).field")
        case .all(let parts): add(parts, "\(place).all")
        case .any(let parts): add(parts, "\(place).any")
        case .not(let part): add(part, "\(place).not")
        }
    }

    private mutating func add(_ parts: [Condition], _ place: String) {
        for (index, part) in parts.enumerated() { add(part, "\(place)[\(index)]") }
    }

    mutating func add(_ steps: [Step], _ place: String) {
        for (index, step) in steps.enumerated() { add(step.action, "\(place)[\(index)]") }
    }

    private mutating func add(_ action: StepAction, _ place: String) {
        switch action {
        case .message(let message):
            add(message.primary, place)
            if let fallback = message.fallback { add(fallback, "\(place).fallback") }
            if let path = message.notAfter { add(.field(path), "\(place).not_after") }
        case .delay(let delay):
            if case .field(let path)? = delay.from { add(.field(path), "\(place).from") }
        case .branch(let branch): add(branch, place)
        case .flag, .exit: break
        }
    }

    private mutating func add(_ variant: MessageStep.Variant, _ place: String) {
        for part in variant.content {
            for path in part.template.fields { add(.field(path), "\(place).content.\(part.name)") }
        }
    }

    private mutating func add(_ branch: BranchStep, _ place: String) {
        for (index, way) in branch.paths.enumerated() {
            add(way.when, "\(place).paths[\(index)].when")
            add(way.steps, "\(place).paths[\(index)].steps")
        }
        add(branch.otherwise, "\(place).otherwise.steps")
    }
}
