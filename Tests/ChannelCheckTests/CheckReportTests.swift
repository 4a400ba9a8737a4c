import Foundation
import FoundationXML
import Testing

@testable import ChannelCheck

/// The reports for people and for machines.
struct CheckReportTests {
    private static let nasty = "<a href=\"x\"> & 'b' ]]> \u{1}\u{FFFE}\u{0} line\nbreak 👋"

    private static let report: CheckReport = {
        let outcomes: [CheckResult.Outcome] = [
            .passed, .failed(nasty), .noted(nasty), .skipped(nasty),
        ]
        let results = zip(Check.all, outcomes).map {
            CheckResult(check: $0, outcome: $1, duration: .milliseconds(1_005))
        }
        return CheckReport(subject: nasty, results: results)
    }()

    @Test func theXMLIsWellFormedWhateverWasSeen() throws {
        let parser = XMLParser(data: Data(JUnitReport.xml(Self.report).utf8))
        let elements = Elements()
        parser.delegate = elements
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        let cases = elements.all.filter { $0.name == "testcase" }
        #expect(cases.map { $0.attributes["name"] } == Check.all.prefix(4).map(\.id))
        #expect(cases.allSatisfy { $0.attributes["time"] == "1.005" })
        let suite = try #require(elements.all.first { $0.name == "testsuite" })
        #expect(suite.attributes["tests"] == "4")
        #expect(suite.attributes["failures"] == "1")
        #expect(suite.attributes["skipped"] == "1")
        #expect(suite.attributes["time"] == "4.020")
        let failure = try #require(elements.all.first { $0.name == "failure" })
        let seen = "<a href=\"x\"> & 'b' ]]> \u{FFFD}\u{FFFD}\u{FFFD} line\nbreak 👋"
        #expect(failure.attributes["message"] == seen)
    }

    @Test func theTextHasALineForEachCheck() {
        var text = TextReport()
        let lines = Self.report.results.flatMap { text.lines(about: $0) }
        #expect(lines.first == "starting")
        #expect(lines.contains { $0.hasPrefix("  ok    hello ") })
        #expect(lines.contains { $0.hasPrefix("  FAIL  quiet-start ") })
        #expect(lines.contains { $0.hasPrefix("  note  same-manifest ") })
        #expect(lines.contains("        To mend it: \(Check.all[1].mend)"))
        let summary = TextReport.summary(of: Self.report)
        #expect(summary.hasSuffix(": 4 checks, 1 passed, 1 failed, 1 noted, 1 skipped."))
    }

    @Test func theNamesAreUniqueAndOfOneKind() {
        let ids = Check.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil })
        #expect(Check.all.allSatisfy { $0.title.hasSuffix(".") && $0.mend.hasSuffix(".") })
        for need in Check.Need.allCases {
            if let gate = Check.gate(of: need) { #expect(ids.contains(gate)) }
        }
    }

    @Test func controlCharactersDoNotReachTheTerminal() {
        #expect(Quote.line("a\u{1B}[2Jb\u{202E}c\u{7F}") == "a [2Jb c ")
    }
}

/// All elements of a document.
private final class Elements: NSObject, XMLParserDelegate {
    private(set) var all: [(name: String, attributes: [String: String])] = []

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        all.append((name, attributes))
    }
}
