public import JSONLines

/// A workflow for people: its steps as a tree, with how many contacts stand where.
public struct WorkflowPicture {
    private let workflow: JSON
    private let stats: JSON

    /// A picture of what `workflow.get` and `workflow.stats` answered.
    public init(workflow: JSON, stats: JSON) {
        self.workflow = workflow
        self.stats = stats
    }

    /// The lines of the picture; cut at `width` where one is given.
    public func lines(width: Int?, ink: Ink) -> [String] {
        head(ink) + [""] + tree(width, ink) + [""] + ends()
    }

    private func head(_ ink: Ink) -> [String] {
        let name = workflow["name"]?.string?.singleLine ?? ""
        let state = workflow["state"]?.string ?? ""
        var lines = [
            "\(ink.bold(name))  \(Self.colored(state: state, ink))  version "
                + "\(workflow["version"]?.text ?? "?")"
        ]
        let description = workflow["description"]?.string?.singleLine ?? ""
        if !description.isEmpty { lines.append(description) }
        let definition = workflow["definition"]
        if let record = definition?["entry"]?["record"]?.string {
            lines.append("for a record of type \(record)")
        }
        let triggers = (definition?["entry"]?["triggers"]?.array ?? [])
            .compactMap { $0["signal"]?.string }
        if !triggers.isEmpty { lines.append("enters by \(triggers.joined(separator: ", "))") }
        return lines
    }

    /// A workflow's state in its colour.
    public static func colored(state: String, _ ink: Ink) -> String {
        switch state {
        case "active": ink.green(state)
        case "halted": ink.red(state)
        default: ink.yellow(state)
        }
    }

    private func tree(_ width: Int?, _ ink: Ink) -> [String] {
        let outline = StepOutline(definition: workflow["definition"] ?? [:])
        let names = outline.lines.map { $0.indent + ($0.step?["id"]?.string ?? $0.path ?? "") }
        let column = min(40, (names.map(\.displayWidth).max() ?? 0))
        return zip(outline.lines, names).map { line, name in
            guard let step = line.step else { return ink.dim("  \(name)") }
            let counts = counts(of: step["id"]?.string ?? "")
            let room = width.map { $0 - column - counts.displayWidth - 6 } ?? .max
            let words = StepWords.text(step).cut(to: max(10, room))
            return "  \(name.padded(to: column))  \(words)"
                + (counts.isEmpty ? "" : "  \(ink.dim(counts))")
        }
    }

    private func counts(of step: String) -> String {
        guard let entry = stats["steps"]?.array?.first(where: { $0["step"]?.string == step }) else {
            return ""
        }
        return ["inside", "sent", "delivered", "failed", "replied"].compactMap { name in
            guard let count = entry[name]?.integer, count > 0 else { return nil }
            return "\(Int(count).grouped) \(name)"
        }.joined(separator: ", ")
    }

    private func ends() -> [String] {
        let exits = (stats["exits"]?.object?.members ?? []).map { "\($0.name) \($0.value.text)" }
        let counts = ["entered", "inside", "finished", "exited", "unenrolled"].map { name in
            "\(name) \(Int(stats[name]?.integer ?? 0).grouped)"
        }.joined(separator: "  ")
        return [counts] + (exits.isEmpty ? [] : ["exits: \(exits.joined(separator: ", "))"])
    }
}
