public import JSONLines

extension WorkflowDefinition {
    /// Reads and validates a definition.
    ///
    /// Steps without an `id` get the next free `step-N`, so that the result is complete.
    /// - Parameter path: where `json` stands, for errors.
    /// - Throws: ``FieldError`` about the first offence, with its path and how to mend it.
    public init(json: JSON, at path: String) throws(FieldError) {
        var reader = try ObjectReader(json, at: path)
        let name = try reader.text("name", DefinitionLimits.name, required: true) ?? ""
        let description = try reader.text("description", DefinitionLimits.description) ?? ""
        let entry = try reader.object("entry").map(Entry.init(reader:)) ?? Entry()
        let exits = try reader.elements(
            "exits", atMost: DefinitionLimits.exits, ExitRule.init(json:at:))
        let reentry = try Reentry(json: reader.value("reentry"), at: reader.path(of: "reentry"))
        var steps = try StepReading.steps(of: &reader, depth: 0)
        try reader.finish()
        StepReading.nameSteps(&steps)
        self.init(
            name: name, description: description, entry: entry, exits: exits, reentry: reentry,
            steps: steps)
        try DefinitionValidation(self, at: path).validate()
    }
}

/// The bounds of what an author may write.
public enum DefinitionLimits {
    /// Characters of a name.
    public static let name = 200
    /// Characters of a description or a note.
    public static let description = 4_000
    /// Bytes of one text of a message, as it is written and as it is sent.
    public static let text = 200_000
    /// Bytes of all texts of a message as it is sent: the line to the channel stays within its limit,
    /// also where every byte has to be escaped.
    public static let message = 600_000
    /// Exits of a workflow.
    public static let exits = 50
    /// Triggers of a workflow.
    public static let triggers = 50
    /// Steps of a workflow, those in branches included.
    public static let steps = 500
    /// Paths of one branch.
    public static let paths = 20
    /// Branches within branches.
    public static let depth = 8
    /// Days of one delay: five years.
    public static let days = 1_827
    /// Parts of one condition.
    public static let conditionParts = 50
    /// Texts of one message.
    public static let contentParts = 20
}

extension Entry {
    init(reader: ObjectReader) throws(FieldError) {
        var reader = reader
        triggers = try reader.elements(
            "triggers", atMost: DefinitionLimits.triggers, Trigger.init(json:at:))
        record = try reader.text("record", DefinitionLimits.name)
        try reader.finish()
    }
}

extension Trigger {
    init(json: JSON, at path: String) throws(FieldError) {
        var reader = try ObjectReader(json, at: path)
        signal = try reader.signalName("signal")
        filter = try reader.dataTests("where")
        try reader.finish()
    }
}

extension ExitRule {
    init(json: JSON, at path: String) throws(FieldError) {
        var reader = try ObjectReader(json, at: path)
        name = try reader.identifier("name")
        when = try Condition(json: reader.required("when"), at: reader.path(of: "when"))
        try reader.finish()
    }
}

extension Reentry {
    init(json: JSON?, at path: String) throws(FieldError) {
        self.init()
        guard let json else { return }
        if case .string = json {
            rule = try ObjectReader.choice(json, at: path)
            return
        }
        var reader = try ObjectReader(json, at: path)
        if let value = reader.value("rule") {
            rule = try ObjectReader.choice(value, at: reader.path(of: "rule"))
        }
        cooldown = try reader.duration("cooldown")
        try reader.finish()
    }
}

extension Condition {
    /// Reads a condition that stands at `path`.
    /// - Throws: ``FieldError`` about the first offence.
    public init(json: JSON, at path: String) throws(FieldError) {
        var reader = try ObjectReader(json, at: path)
        let condition = try Condition.form(&reader)
        try reader.finish()
        self = condition
    }

    private static func form(_ reader: inout ObjectReader) throws(FieldError) -> Condition {
        let forms = ["signal", "field", "all", "any", "not"]
        var present: [String] = []
        for form in forms where reader.value(form) != nil { present.append(form) }
        guard present.count == 1 else {
            throw FieldError(
                .invalid, at: reader.path,
                "A condition is exactly one of \(forms.joined(separator: ", ")).",
                hint: #"For instance {"signal": "sms.replied"}."#)
        }
        switch present[0] {
        case "signal": return try signal(&reader)
        case "field": return try field(&reader)
        case "not":
            return .not(try Condition(json: reader.required("not"), at: reader.path(of: "not")))
        case let form:
            let parts = try reader.elements(
                form, atMost: DefinitionLimits.conditionParts, Condition.init(json:at:))
            guard !parts.isEmpty else {
                throw reader.invalid(form, "It needs at least one condition.")
            }
            return form == "all" ? .all(parts) : .any(parts)
        }
    }

    private static func signal(_ reader: inout ObjectReader) throws(FieldError) -> Condition {
        let name = try reader.signalName("signal")
        let filter = try reader.dataTests("where")
        let since = try reader.string("since")
        return .signal(
            SignalTest(name: name, filter: filter, sinceStep: since == "enrolled" ? nil : since))
    }

    private static func field(_ reader: inout ObjectReader) throws(FieldError) -> Condition {
        let path = try reader.fieldPath("field")
        return .field(path, try Comparison(reader: &reader))
    }
}

extension Comparison {
    /// Reads the one operator that `reader` has.
    init(reader: inout ObjectReader) throws(FieldError) {
        var found: [Comparison] = []
        for candidate in Operator.allCases {
            if let operand = reader.value(candidate.rawValue) {
                found.append(Comparison(candidate, operand))
            }
        }
        guard found.count == 1 else {
            let names = Operator.allCases.map(\.rawValue).joined(separator: ", ")
            throw FieldError(
                .invalid, at: reader.path, "A comparison has exactly one of \(names).",
                hint: #"For instance "equals": 0."#)
        }
        self = found[0]
        try check(at: reader.path(of: `operator`.rawValue))
    }

    private func check(at path: String) throws(FieldError) {
        switch (`operator`, operand) {
        case (.exists, .bool), (.isIn, .array), (.equals, _), (.notEquals, _), (.contains, _):
            return
        case (.greaterThan, .integer), (.greaterThan, .number), (.greaterThan, .string): return
        case (.lessThan, .integer), (.lessThan, .number), (.lessThan, .string): return
        case (.exists, _): throw FieldError(.invalid, at: path, "Expected true or false.")
        case (.isIn, _): throw FieldError(.invalid, at: path, "Expected an array of values.")
        default: throw FieldError(.invalid, at: path, "Expected a number or a text.")
        }
    }
}
