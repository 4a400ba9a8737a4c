/// The report for people: one line a check.
public struct TextReport {
    private var group: Check.Group?
    /// The first check that was skipped for a reason.
    private var reasons: [String: String] = [:]
    /// How many were skipped for the same reason as check `id` since the last line.
    private var alike: (id: String, count: Int)?
    private static let width = Check.all.map(\.id.count).max() ?? 0

    /// A report that has no line yet.
    public init() {}

    /// The lines about one result, with the heading of its group where it is the first.
    public mutating func lines(about result: CheckResult) -> [String] {
        if case .skipped(let reason) = result.outcome {
            if let id = reasons[reason] {
                let lines = alike?.id == id ? [] : rest()
                alike = (id, (alike?.count ?? 0) + 1)
                return lines
            }
            reasons[reason] = result.check.id
        }
        var lines = rest()
        if result.check.group != group {
            lines += group == nil ? [] : [""]
            lines.append(result.check.group.rawValue)
            group = result.check.group
        }
        let id = result.check.id.padded(to: Self.width)
        lines.append("  \(result.word)  \(id)  \(result.check.title)")
        return lines + result.details.map { "        \($0)" }
    }

    /// The line about checks that were skipped for a reason that was said before; none where there are none.
    public mutating func rest() -> [String] {
        guard let alike else { return [] }
        self.alike = nil
        return ["  skip  \(alike.count) more for the reason of \(alike.id)."]
    }

    /// The closing line.
    public static func summary(of report: CheckReport) -> String {
        let count = report.results.count
        var parts = ["\(report.passed) passed", "\(report.failed) failed"]
        if report.noted > 0 { parts.append("\(report.noted) noted") }
        if report.skipped > 0 { parts.append("\(report.skipped) skipped") }
        let noun = count == 1 ? "check" : "checks"
        return "\(report.subject): \(count) \(noun), \(parts.joined(separator: ", "))."
    }
}

extension CheckResult {
    fileprivate var word: String {
        switch outcome {
        case .passed: "ok  "
        case .failed: "FAIL"
        case .noted: "note"
        case .skipped: "skip"
        }
    }

    fileprivate var details: [String] {
        switch outcome {
        case .passed: []
        case .skipped(let reason): [reason]
        case .failed(let seen), .noted(let seen): [seen, "To mend it: \(check.mend)"]
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
