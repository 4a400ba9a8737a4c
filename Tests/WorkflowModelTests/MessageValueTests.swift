import JSONLines
import Testing
import WorkflowModel

/// What values read as in a message.
@Suite struct MessageValueTests {
    private func render(_ value: JSON, default standIn: String? = nil) throws -> String {
        let filter = standIn.map { " | default: '\($0)'" } ?? ""
        let template = try MessageTemplate(parsing: "{{ contact.x\(filter) }}")
        let zone = try #require(ZoneCalendar(identifier: "America/New_York"))
        return try template.render(escapingHTML: false, zone: zone) { _ in value }.text
    }

    static let empty = [
        "", " ", "\t\n", "\u{A0}", "\u{3000}", "\u{2003}", "\u{85}", "\u{200B}", "\u{200D}",
        "\u{2060}",
        "\u{FEFF}", "\u{AD}", "\u{180E}", "\u{200E}\u{200F}", "\u{3164}", "\u{115F}", "\u{FFA0}",
        "\u{2800}",
        "\u{301}", "\u{20E3}", "\u{903}", "\u{FE0F}", "\0", "\u{1B}", "\u{2028}", "\u{E0020}",
        "\u{A0}\u{200B} \u{3164}",
    ]

    @Test("A text that looks empty is no value", arguments: empty)
    func looksEmpty(text: String) throws {
        #expect(try render(.string(text), default: "there") == "there")
        #expect(throws: RenderingError.self) { try render(.string(text)) }
    }

    @Test(
        "Whatever can be seen is a value as it is",
        arguments: [
            "Ann", " Ann", "é", "e\u{301}", "\u{200B}Ann", "東", "한", "👩‍👧", "-", ".", "\u{2801}",
            "\u{FFFD}",
        ])
    func isSeen(text: String) throws { #expect(try render(.string(text)) == text) }

    @Test(
        "Numbers read as people write them",
        arguments: [
            (0, "0"), (240, "240"), (99.5, "99.5"), (5.551115123125783e-17, "0"), (0.00001, "0"),
            (-0.00001, "0"), (-0.0, "0"), (0.0001, "0.0001"), (.number(0.1 + 0.2), "0.3"),
            (240.10000000000002, "240.1"), (1234567.891, "1234567.891"), (1e15, "1000000000000000"),
            (1e16, "10000000000000000"), (1e22, "10000000000000000000000"), (-1.5, "-1.5"),
            (99999999999.5, "99999999999.5"), (123456789012.25, "123456789012.25"),
        ] as [(JSON, String)])
    func numbers(value: JSON, text: String) throws { #expect(try render(value) == text) }

    @Test(
        "No number has an exponent",
        arguments: [
            1e-300, .leastNonzeroMagnitude, 1e21, 1e100, 1.7e308, -3e-7,
        ])
    func exponents(value: Double) throws {
        let text = try render(.number(value))
        #expect(text.allSatisfy { $0.isNumber || $0 == "-" || $0 == "." }, "\(text)")
    }
}
