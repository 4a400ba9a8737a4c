public import JSONLines

extension Step {
    /// Reads and validates one step, with all the steps in its paths.
    ///
    /// A step without an `id` gets an empty one; see ``StepReading/nameSteps(_:)``.
    /// - Throws: ``FieldError`` about the first offence.
    public init(json: JSON, at path: String) throws(FieldError) {
        self = try StepReading.step(json, at: path, depth: 0)
    }
}

/// Reads steps and the lists of steps.
public enum StepReading {
    /// Gives each step without an id the next free `step-N`.
    public static func nameSteps(_ steps: inout [Step]) {
        let used = Set(steps.flatMap(\.selfAndDescendants).map(\.id))
        var next = 1
        func free() -> String {
            while used.contains("step-\(next)") { next += 1 }
            defer { next += 1 }
            return "step-\(next)"
        }
        steps = steps.map { $0.mapped { $0.id.isEmpty ? free() : $0.id } }
    }

    static func steps(of reader: inout ObjectReader, depth: Int) throws(FieldError) -> [Step] {
        guard depth <= DefinitionLimits.depth else {
            throw reader.invalid(
                "steps", "Branches are nested deeper than \(DefinitionLimits.depth) levels.")
        }
        return try reader.elements("steps", atMost: DefinitionLimits.steps) {
            json, path throws(FieldError) in
            try step(json, at: path, depth: depth)
        }
    }

    static func step(_ json: JSON, at path: String, depth: Int) throws(FieldError) -> Step {
        var reader = try ObjectReader(json, at: path)
        let id = try reader.optionalIdentifier("id") ?? ""
        let name = try reader.text("name", DefinitionLimits.name)
        guard let kind = try reader.choice("kind", Kind.self) else {
            throw FieldError(.missing, at: reader.path(of: "kind"), "This field is required.")
        }
        let action = try action(kind, &reader, depth: depth)
        try reader.finish()
        return Step(id: id, name: name, action: action)
    }

    private enum Kind: String, CaseIterable { case message, delay, branch, flag, exit }

    private static func action(_ kind: Kind, _ reader: inout ObjectReader, depth: Int)
        throws(FieldError) -> StepAction
    {
        switch kind {
        case .message: .message(try message(&reader))
        case .delay: .delay(try delay(&reader))
        case .branch: .branch(try branch(&reader, depth: depth))
        case .flag:
            .flag(
                name: try reader.identifier("flag"),
                note: try reader.text("note", DefinitionLimits.description))
        case .exit: .exit(reason: try reader.text("reason", DefinitionLimits.name))
        }
    }

    private static func message(_ reader: inout ObjectReader) throws(FieldError) -> MessageStep {
        let primary = try variant(&reader)
        var fallback: MessageStep.Variant?
        if var inner = try reader.object("fallback") {
            fallback = try variant(&inner)
            try inner.finish()
        }
        return MessageStep(
            primary: primary, fallback: fallback, maxLateness: try reader.duration("max_lateness"),
            notAfter: try anchor("not_after", &reader),
            quietHours: try reader.choice("quiet_hours") ?? .hold,
            onFailure: try reader.choice("on_failure") ?? .continue)
    }

    private static func variant(_ reader: inout ObjectReader) throws(FieldError)
        -> MessageStep.Variant
    {
        let channel = try reader.identifier("channel")
        guard var content = try reader.object("content") else {
            throw FieldError(
                .missing, at: reader.path(of: "content"), "This field is required.",
                hint: #"For instance {"text": "Hello"}."#)
        }
        let shape = ContentShape(channel: channel)
        let names = shape.names ?? content.memberNames
        guard names.count <= DefinitionLimits.contentParts else {
            throw reader.invalid(
                "content", "It must hold 1 to \(DefinitionLimits.contentParts) texts.")
        }
        var parts: [MessageStep.Part] = []
        for name in names {
            if let part = try part(name, of: &content, required: shape.required.contains(name)) {
                parts.append(part)
            }
        }
        try content.finish()
        guard !parts.isEmpty else {
            throw reader.invalid(
                "content", "It must hold 1 to \(DefinitionLimits.contentParts) texts.")
        }
        return MessageStep.Variant(channel: channel, content: parts.sorted { $0.name < $1.name })
    }

    private static func part(_ name: String, of content: inout ObjectReader, required: Bool)
        throws(FieldError) -> MessageStep.Part?
    {
        let text = required ? try content.requiredString(name) : try content.string(name)
        guard let text else { return nil }
        guard text.utf8.count <= DefinitionLimits.text else {
            throw content.invalid(name, "It is longer than \(DefinitionLimits.text) bytes.")
        }
        do {
            return MessageStep.Part(name: name, template: try MessageTemplate(parsing: text))
        } catch {
            throw content.invalid(
                name, "At character \(error.offset + 1): \(error.reason)",
                hint: #"A merge field is {{ contact.first_name | default: "there" }}."#)
        }
    }

    private static func delay(_ reader: inout ObjectReader) throws(FieldError) -> DelayStep {
        let from = try origin(&reader)
        let amount = try reader.duration("for", signed: from != nil)
        let rule = DelayRule(
            amount: amount, at: try reader.wallTime("at"), on: try reader.weekdays("on") ?? [])
        guard from != nil || amount != nil || rule.at != nil || !rule.on.isEmpty else {
            throw FieldError(
                .missing, at: reader.path(of: "for"),
                "A delay needs a length, a time, a day or an anchor.",
                hint: #"For instance "for": {"days": 3}, "at": "10:00"."#)
        }
        return DelayStep(rule: rule, from: from)
    }

    private static func origin(_ reader: inout ObjectReader) throws(FieldError) -> DelayStep.Origin?
    {
        if try reader.string("from") == "enrolled" { return .enrolled }
        return try anchor("from", &reader).map(DelayStep.Origin.field)
    }

    /// Member `name` as the path of a date of the contact or the record, or nil where absent.
    private static func anchor(_ name: String, _ reader: inout ObjectReader) throws(FieldError)
        -> FieldPath?
    {
        guard try reader.string(name) != nil else { return nil }
        let path = try reader.fieldPath(name)
        guard path.root == .contact || path.root == .record else {
            throw reader.invalid(name, "A date is read from a field of contact or record.")
        }
        return path
    }

    private static func branch(_ reader: inout ObjectReader, depth: Int) throws(FieldError)
        -> BranchStep
    {
        let paths = try reader.elements("paths", atMost: DefinitionLimits.paths) {
            json, path throws(FieldError) in
            var reader = try ObjectReader(json, at: path)
            let name = try reader.text("name", DefinitionLimits.name, required: true) ?? ""
            let when = try Condition(json: reader.required("when"), at: reader.path(of: "when"))
            let steps = try steps(of: &reader, depth: depth + 1)
            try reader.finish()
            return BranchStep.Path(name: name, when: when, steps: steps)
        }
        guard !paths.isEmpty else {
            throw reader.invalid("paths", "A branch needs at least one path.")
        }
        var otherwise: [Step] = []
        if var inner = try reader.object("otherwise") {
            otherwise = try steps(of: &inner, depth: depth + 1)
            try inner.finish()
        }
        return BranchStep(paths: paths, otherwise: otherwise, within: try reader.duration("within"))
    }
}

/// What texts a channel's messages have; a channel that is not built in may have any.
public struct ContentShape: Sendable {
    /// All names, or nil for any.
    public let names: [String]?
    /// The names that have to be there.
    public let required: Set<String>

    /// The shape of `channel`'s messages.
    public init(channel: String) {
        switch channel {
        case "sms": (names, required) = (["text"], ["text"])
        case "email": (names, required) = (["subject", "text", "html"], ["subject", "text"])
        case "call_reminder": (names, required) = (["title", "notes"], ["title"])
        default: (names, required) = (nil, [])
        }
    }
}
