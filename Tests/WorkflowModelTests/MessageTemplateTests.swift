import JSONLines
import SeededNumbers
import Testing
import WorkflowModel

struct MessageTemplateTests {
    private let fields: [String: JSON] = [
        "contact.first_name": "Ada", "contact.nick": "", "contact.blank": " \n\u{A0}",
        "contact.null": nil, "contact.no": false, "contact.yes": true, "contact.list": ["x"],
        "contact.object": ["x": 1], "contact.html": "<b>\"A&B's\"</b>",
        "contact.big": 9_007_199_254_740_991,
        "record.balance": 12.5, "record.whole": 100.0, "record.minus": -3,
        "record.starts_at": "2026-03-03T19:00:00Z", "record.noon": "2026-07-01T16:00:00.000Z",
        "record.midnight": "2026-01-01T05:05:00Z", "record.due": "2026-03-01",
        "record.zip": "10001-0000", "record.almost": "2026-02-30",
        "business.name": "Blüte & Söhne 🌻",
    ]

    private func render(_ source: String, html: Bool = false) throws -> MessageTemplate.Rendered {
        let zone = try #require(ZoneCalendar(identifier: "America/New_York"))
        let template = try MessageTemplate(parsing: source)
        return try template.render(escapingHTML: html, zone: zone) { fields[$0.text] }
    }

    @Test(arguments: [
        ("", ""), ("plain {text} } }} { %}", "plain {text} } }} { %}"),
        ("Hi {{ contact.first_name }}!", "Hi Ada!"), ("{{contact.first_name}}", "Ada"),
        ("{{\n contact.first_name\t}}", "Ada"),
        ("{{contact.first_name}}{{contact.first_name}}", "AdaAda"),
        ("{{ contact.first_name | default: \"there\" }}", "Ada"),
        ("{{ contact.nick | default: \"there\" }}", "there"),
        ("{{ contact.nick|default:'it is \"it\" }}' }}", "it is \"it\" }}"),
        ("{{ contact.blank | default: contact.first_name }}", "Ada"),
        ("{{ contact.nick | default: contact.null | default: \"x\" }}", "x"),
        ("{{ contact.list | default: \"x\" }}{{ contact.object | default: \"y\" }}", "xy"),
        ("{{ contact.no }} {{ contact.yes }}", "false true"),
        ("{{ contact.no | default: \"x\" }}", "x"), ("{{ contact.nick | default: \"\" }}", ""),
        ("{{ record.balance }} {{ record.whole }} {{ record.minus }}", "12.5 100 -3"),
        ("{{ contact.big }}", "9007199254740991"), ("{{ record.zip }}", "10001-0000"),
        ("{{ record.starts_at }}", "Tuesday, March 3 at 2:00 PM"),
        ("{{ record.noon }}", "Wednesday, July 1 at 12:00 PM"),
        ("{{ record.midnight }}", "Thursday, January 1 at 12:05 AM"),
        ("{{ record.due }}", "March 1, 2026"), ("{{ record.almost }}", "2026-02-30"),
        ("{{ business.name }}", "Blüte & Söhne 🌻"),
        ("a\r\n{{contact.first_name}}\r\n", "a\r\nAda\r\n"),
    ])
    func renders(_ source: String, _ text: String) throws {
        #expect(try render(source).text == text)
    }

    @Test func escapesValuesAndDefaultsAlone() throws {
        let source =
            "<p title=\"{{ contact.html }}\">{{ contact.nick | default: \"a<b\" }} &amp;</p>"
        #expect(
            try render(source, html: true).text
                == "<p title=\"&lt;b&gt;&quot;A&amp;B&#39;s&quot;&lt;/b&gt;\">a&lt;b &amp;</p>")
        #expect(try render("{{ business.name }}", html: true).text == "Blüte &amp; Söhne 🌻")
    }

    @Test func tellsWhichDefaultsWereUsed() throws {
        let source =
            "{{ contact.nick | default: \"a\" }}{{ contact.first_name | default: \"b\" }}"
            + "{{ contact.null | default: contact.first_name }}{{ contact.nick | default: \"c\" }}"
        let rendered = try render(source)
        #expect(rendered.text == "aAdaAdac")
        #expect(rendered.defaultsUsed == ["contact.nick", "contact.null"])
    }

    @Test(arguments: [
        "contact.nick", "contact.blank", "contact.null", "contact.unheard", "contact.list",
        "contact.object",
    ])
    func neverLeavesABlank(_ path: String) throws {
        for tag in ["{{ \(path) }}", "{{ \(path) | default: contact.nick }}"] {
            #expect(throws: RenderingError.missingField(try FieldPath(parsing: path))) {
                try render("Hi \(tag)")
            }
        }
    }

    @Test func listsItsFields() throws {
        let template = try MessageTemplate(
            parsing: "{{ contact.a | default: business.b }} {{ record.c }} {{ contact.a }}")
        #expect(template.fields.map(\.text) == ["contact.a", "business.b", "record.c"])
        #expect(try MessageTemplate(parsing: "none").fields.isEmpty)
    }

    @Test(arguments: [
        ("Hi {% if x %}", 3, "logic"), ("Hi {{ contact.a", 3, "not closed"),
        ("{{", 2, "not closed"),
        ("{{ ", 3, "not closed"), ("{{{ contact.a }}}", 2, "opens"),
        ("{{- contact.a }}", 2, "opens"),
        ("{{ contact.a -}}", 13, "closes"), ("{{ contact.a-}}", 3, "not end in"),
        ("{{ contact.a }}}", 15, "third brace"),
        ("{{ contact.a } }", 13, "closes"), ("{{ contact.a contact.b }}", 13, "nothing else"),
        ("é🌻{{ lead.a }}", 5, "begins with"), ("{{ }}", 3, "begins with"),
        ("{{ \"x\" }}", 3, "begins with"),
        ("{{ contact }}", 3, "missing"), ("{{ contact..a }}", 3, "named by"),
        ("{{ contact.a.b c }}", 15, "nothing else"), ("{{ enrollment.nope }}", 3, "no such field"),
        ("{{ contact.a | upcase }}", 15, "only filter"), ("{{ contact.a | default }}", 23, "colon"),
        ("{{ contact.a | default: }}", 24, "begins with"),
        ("{{ contact.a | default: \"x }}", 24, "quotes"),
        ("{{ contact.a | default: “x” }}", 24, "typographic"),
        ("{{ contact.a | default: 5 }}", 24, "begins"),
        ("{{ contact.a | default: \"x\", \"y\" }}", 27, "nothing else"),
        ("{{ contact.a || }}", 14, "only"),
        ("{{ contact.a | default:", 23, "default is missing"), ("{{ contact[0] }}", 3, "missing"),
    ])
    func refuses(_ source: String, _ offset: Int, _ words: String) {
        do throws(MessageTextError) {
            _ = try MessageTemplate(parsing: source)
            Issue.record("accepted")
        } catch {
            #expect(error.offset == offset)
            #expect(error.reason.contains(words))
        }
    }

    @Test func readsAnyTextWithoutTrap() {
        var random = SeededNumbers.announced("message texts")
        let pieces = [
            "{{", "}}", "{", "}", "{%", "|", "default:", "\"", "'", "contact.a", ".", " ", "é", "-",
            "x",
        ]
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...12, using: &random)
            let source = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }
                .joined()
            guard let template = try? MessageTemplate(parsing: source) else { continue }
            #expect(template.source == source)
            #expect(template.fields.isEmpty == !source.contains("{{"))
        }
    }
}
