public import JSONLines
public import WorkflowModel

/// Where a contact stands in a workflow: what is behind it, where it is, and what is ahead.
public struct EnrollmentPicture {
    private let enrollment: JSON
    private let definition: JSON
    private let executions: [JSON]
    private let zone: ZoneCalendar?

    /// A picture of an enrollment under the `definition` of its version.
    ///
    /// - Parameters:
    ///   - executions: its messages and steps, as `execution.list` answers them.
    ///   - zone: on whose clock the moments are shown; nil for UTC.
    public init(enrollment: JSON, definition: JSON, executions: [JSON], zone: ZoneCalendar?) {
        self.enrollment = enrollment
        self.definition = definition
        self.executions = executions
        self.zone = zone
    }

    /// The lines of the picture; cut at `width` where one is given.
    public func lines(width: Int?, ink: Ink) -> [String] {
        let outline = StepOutline(definition: definition)
        let column = min(
            40, outline.lines.map { name($0).displayWidth }.max() ?? 0)
        return [head(ink)] + outline.lines.map { draw($0, column, width, ink) }
    }

    private func head(_ ink: Ink) -> String {
        let name = enrollment["workflow"]?.string ?? ""
        let state = enrollment["state"]?.string ?? ""
        let exit = enrollment["exit"]?.string.map { ": \($0)" } ?? ""
        let record = enrollment["record"].map { record in
            "  for \(record["type"]?.string ?? "") \(record["id"]?.string?.singleLine ?? "")"
        }
        let colored = state == "active" ? ink.green(state) : ink.yellow(state + exit)
        return "\(ink.bold(name)) version \(enrollment["version"]?.text ?? "?")  \(colored)  "
            + "\(enrollment["id"]?.string ?? "")\(record ?? "")  "
            + "since \(MomentText.text(rfc3339: enrollment["enrolled_at"]?.string, in: zone))"
    }

    private func name(_ line: StepOutline.Line) -> String {
        line.indent + (line.step?["id"]?.string ?? line.path ?? "")
    }

    private func draw(_ line: StepOutline.Line, _ column: Int, _ width: Int?, _ ink: Ink) -> String
    {
        guard let id = line.step?["id"]?.string else {
            let isTaken = line.branch.map { path(takenAt: $0) == line.path } ?? false
            return isTaken ? "    \(name(line))" : ink.dim("    \(name(line))")
        }
        let place = place(of: id)
        let room = width.map { max(10, $0 - column - 6) } ?? .max
        let words = words(about: id, at: place, line.step ?? [:]).cut(to: room)
        let text = "\(name(line).padded(to: column))  \(words)"
        return switch place {
        case .behind: "  \(ink.green("✓")) \(text)"
        case .here: "  \(ink.yellow("▶")) \(ink.bold(text))"
        case .ahead: ink.dim("  · \(text)")
        }
    }

    private enum Place { case behind, here, ahead }

    private var isActive: Bool { enrollment["state"]?.string == "active" }

    private func place(of step: String) -> Place {
        if isActive, enrollment["step"]?.string == step { return .here }
        return visit(of: step) == nil ? .ahead : .behind
    }

    private func visit(of step: String) -> JSON? {
        enrollment["path"]?.array?.last { $0["step"]?.string == step }
    }

    private func path(takenAt branch: String) -> String? {
        executions.first {
            $0["step"]?.string == branch && $0["type"]?.string == "step.executed"
        }?["path"]?.string
    }

    private func words(about id: String, at place: Place, _ step: JSON) -> String {
        switch place {
        case .ahead: return StepWords.text(step)
        case .here: return waiting
        case .behind:
            let at = MomentText.text(rfc3339: visit(of: id)?["at"]?.string, in: zone)
            let last = executions.first { $0["step"]?.string == id }
            guard let last else { return at }
            let moment = MomentText.text(rfc3339: last["at"]?.string, in: zone)
            return "\(moment)  \(EventText.words(last).without(prefix: "\(id): "))"
        }
    }

    private var waiting: String {
        let reason = enrollment["waits_for"]?.string ?? ""
        let until = enrollment["next_at"]?.string.map {
            " until \(MomentText.text(rfc3339: $0, in: zone))"
        }
        return "waits for \(reason)\(until ?? "")"
    }
}

extension String {
    fileprivate func without(prefix: String) -> String {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}
