import HTTPListener
import Testing

@Suite("Forms and addresses")
struct FormFieldsTests {
    @Test(arguments: [
        ("a=1&b=2", ["a": "1", "b": "2"]), ("a=x+y%20z", ["a": "x y z"]), ("a", ["a": ""]),
        ("a=1=2", ["a": "1=2"]), ("a=%e4%BD%A0", ["a": "你"]), ("a=%zz%4", ["a": "%zz%4"]),
        ("&&a=1&", ["a": "1"]), ("", [:]),
    ])
    func areRead(_ text: String, _ fields: [String: String]) {
        let form = FormFields(text)
        #expect(form.fields.count == fields.count)
        for (name, value) in fields { #expect(form[name] == value) }
    }

    @Test func bytesThatAreNoTextAreKept() {
        #expect(FormFields("a=%ff%00").bytes("a") == [0xFF, 0])
    }

    @Test(arguments: ["a b&c=d", "100% + ½", "", "你好👋", "a\r\nb"])
    func whatIsWrittenIsReadAgain(_ value: String) {
        let text = FormFields.encode([(name: "key", value: value), (name: "b", value: "2")])
        #expect(FormFields(text)["key"] == value)
        #expect(text.utf8.allSatisfy { (0x21...0x7E).contains($0) })
    }

    @Test(arguments: ["127.0.0.1:80", "127.9.9.9:0", "localhost:8085", "[::1]:8085"])
    func loopbackAddresses(_ text: String) {
        #expect(LoopbackAddress(text)?.description == text)
    }

    @Test(arguments: [
        "0.0.0.0:80", "10.0.0.1:80", "example.com:80", "127.0.0.1", "127.0.0.1:99999",
        "[::]:80", "127.0.0.256:80", ":80", "",
    ])
    func othersAreNone(_ text: String) {
        #expect(LoopbackAddress(text) == nil)
    }
}
