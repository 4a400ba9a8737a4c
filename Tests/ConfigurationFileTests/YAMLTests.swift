import ConfigurationFile
import Foundation
import JSONLines
import Testing

@Suite struct YAMLTests {
    private func read(_ text: String) throws -> JSON {
        let path = NSTemporaryDirectory() + "yaml-\(UInt64.random(in: 0 ... .max)).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try ConfigurationFile.read(path)
    }

    private static let scalars: [(String, JSON)] = [
        ("a: 10:00", ["a": "10:00"]), ("a: yes", ["a": "yes"]), ("a: true", ["a": true]),
        ("a: 12", ["a": 12]), ("a: '12'", ["a": "12"]), ("a: 1.5", ["a": 1.5]),
        ("a: 1e400", ["a": "1e400"]),
        ("a:", ["a": nil]), ("a: ~", ["a": nil]), ("a: 2026-03-01", ["a": "2026-03-01"]),
        ("on: [mon, tue]", ["on": ["mon", "tue"]]), ("{\"a\": [1, \"x\"]}", ["a": [1, "x"]]),
    ]

    @Test(arguments: scalars)
    func plainScalars(text: String, value: JSON) throws { #expect(try read(text) == value) }

    @Test(arguments: [
        "", " ", "a", " a", "a ", "10:00", "9:99999999999999999:0:0", "yes", "No", "on", "null",
        "~", "12", "-1.5e3", "0x1F",
        "1_000", "2026-03-01", "2026-03-01T10:00:00Z", "a: b", "# a", "- a", "a\nb", "a\nb\n",
        "a\n\nb\n\n", "\na", " a\nb", "a \nb", "a\tb", "\ta\nb", "Hi {{ contact.first_name }}",
        "{a}", "[a", "'a'", "\"a\"", "a\\b", "é東😀", "@a", "%a", "&a", "*a", "!a", "|", ">", "?",
        "a\u{7}b", "a\r\nb", "\u{FE0F}a", "true", "3600x", "=", "<<", ".inf", "---", "a\n---\nb",
    ])
    func whatIsWrittenReadsTheSame(text: String) throws {
        let words = JSON.string(text)
        let value: JSON = ["a": words, "list": [words, "b"], "k\(text)": 1]
        let yaml = try ConfigurationFile.yaml(value)
        #expect(try read(yaml) == value, "\(yaml)")
    }

    /// A few lines that stand for 10^9 values.
    static let bombs: [String] = {
        let lines = (1...9).map { level in
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            return "a\(level): &a\(level) [\(aliases)]"
        }
        let maps = (1...30).map { "b\($0): &b\($0) {x: *b\($0 - 1), y: *b\($0 - 1)}" }
        return [
            (["a0: &a0 [x, x, x]"] + lines).joined(separator: "\n"),
            (["b0: &b0 {}"] + maps).joined(separator: "\n"),
        ]
    }()

    @Test("Aliases to aliases are refused at once", .timeLimit(.minutes(1)), arguments: bombs)
    func nestedAliases(text: String) {
        #expect(text.utf8.count < 1_200)
        #expect {
            try ConfigurationFile.value(of: text)
        } throws: { error in
            (error as? ConfigurationFile.Unreadable)?.reason.contains("aliases") == true
        }
    }

    @Test func aliasesOfEveryDayAreRead() throws {
        let steps = (0..<40).map { "- {kind: message, quiet: *quiet, id: s\($0)}" }
        let text =
            "quiet: &quiet {start: 20:00, end: 09:00}\nsteps:\n" + steps.joined(separator: "\n")
        let value = try ConfigurationFile.value(of: text)
        #expect(value["steps"]?[39]?["quiet"]?["start"] == "20:00")
    }

    @Test func valuesAreWritten() throws {
        let value: JSON = [
            "name": "x", "none": nil, "flag": true, "count": -3, "rate": 1.25, "empty": [:],
            "list": [], "steps": [["id": "a", "for": ["days": 1]], ["id": "b"]],
        ]
        let yaml = try ConfigurationFile.yaml(value)
        #expect(try read(yaml) == value)
        #expect(yaml.contains("steps:\n- id: a\n  for:\n    days: 1\n- id: b\n"), "\(yaml)")
    }
}
