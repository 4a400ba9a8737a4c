/// The report for machines: JUnit's XML, as CI servers read it.
///
/// Notes are no failures there; they stand in `system-out`.
public enum JUnitReport {
    /// The document, in UTF-8.
    public static func xml(_ report: CheckReport) -> String {
        let time = report.results.reduce(Duration.zero) { $0 + $1.duration }
        let counts =
            "tests=\"\(report.results.count)\" failures=\"\(report.failed)\" errors=\"0\" "
            + "skipped=\"\(report.skipped)\" time=\"\(seconds(time))\""
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites \(counts)>",
            "  <testsuite name=\"\(escaped(report.subject))\" \(counts)>",
        ]
        lines += report.results.map(testCase)
        lines += ["  </testsuite>", "</testsuites>", ""]
        return lines.joined(separator: "\n")
    }

    private static func testCase(_ result: CheckResult) -> String {
        let check = result.check
        let head =
            "    <testcase classname=\"channel.\(check.group.rawValue)\" name=\"\(check.id)\" "
            + "time=\"\(seconds(result.duration))\""
        let mend = escaped("\(check.title)\nTo mend it: \(check.mend)")
        switch result.outcome {
        case .passed: return "\(head)/>"
        case .failed(let seen):
            return "\(head)><failure message=\"\(escaped(seen))\">\(mend)</failure></testcase>"
        case .noted(let seen):
            return "\(head)><system-out>\(escaped(seen))\n\(mend)</system-out></testcase>"
        case .skipped(let reason):
            return "\(head)><skipped message=\"\(escaped(reason))\"/></testcase>"
        }
    }

    /// Seconds with a point, whatever the locale.
    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = Int(duration / .milliseconds(1))
        let fraction = String(1_000 + milliseconds % 1_000).dropFirst()
        return "\(milliseconds / 1_000).\(fraction)"
    }

    /// `text` for an attribute or an element, without what XML 1.0 section 2.2 has no way to write.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&apos;"
            case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
