import JSONLines
import Testing
import WorkflowModel

struct FieldPathTests {
    @Test func readsPaths() throws {
        let path = try FieldPath(parsing: "record.address.zip-code_2")
        #expect(path.root == .record)
        #expect(path.names == ["address", "zip-code_2"])
        #expect(path.text == "record.address.zip-code_2")
        #expect(FieldPath("enrollment.unsubscribe_url")?.root == .enrollment)
    }

    @Test(arguments: [
        "", ".", "contact", "contact.", "contact..x", ".contact.x", "contact.x.", "Contact.x",
        "lead.x",
        "contact.first name", "contact.naïve", "record.a.b.c.d.e.f.g.h.i", "enrollment.state",
        "enrollment.id.x", "contact.x[0]",
    ])
    func refuses(_ text: String) {
        #expect(FieldPath(text) == nil)
    }

    @Test func guessesWhatWasMeant() {
        #expect(hint("contcat.x") == "Did you mean \"contact\"?")
        #expect(hint("enrollment.enroled_at") == "Did you mean \"enrollment.enrolled_at\"?")
        #expect(hint("contact") == "Write \"contact.name\".")
        #expect(hint("weather.today") == nil)
    }

    @Test func findsValues() throws {
        let value: JSON = ["a": 1, "b": ["c": "x", "d": nil], "e": nil]
        let fields = try #require(value.object)
        #expect(FieldPath("contact.a")?.value(in: fields) == 1)
        #expect(FieldPath("contact.b.c")?.value(in: fields) == "x")
        for missing in ["contact.b.d", "contact.e", "contact.f", "contact.a.b", "contact.b.c.d"] {
            #expect(FieldPath(missing)?.value(in: fields) == nil)
        }
    }

    private func hint(_ text: String) -> String? {
        do {
            _ = try FieldPath(parsing: text)
            return nil
        } catch {
            return error.hint
        }
    }
}
