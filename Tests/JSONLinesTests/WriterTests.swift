import JSONLines
import SeededNumbers
import Testing

@Suite struct WriterTests {
    static let written: [(JSON, String)] = [
        (nil, "null"), (true, "true"), (false, "false"), (0, "0"), (-1, "-1"), (100, "100"),
        (9_007_199_254_740_991, "9007199254740991"), (.integer(.min), "-9223372036854775808"),
        (1.5, "1.5"), (1.0, "1.0"), (-0.0, "-0.0"), (1e100, "1e+100"),
        (.number(.leastNonzeroMagnitude), "5e-324"),
        (.number(.nan), "null"), (.number(.infinity), "null"), (.number(-.infinity), "null"),
        ("", #""""#), ("a/b", #""a/b""#), ("\"\\", #""\"\\""#), ("\n\r\t", #""\n\r\t""#),
        ("\0\u{8}\u{C}\u{1F}\u{7F}", #""\u0000\u0008\u000c\u001f\u007f""#),
        ("é\n€", "\"é\\n€\""), ("😀\u{2028}", "\"😀\u{2028}\""),
        ([], "[]"), ([1], "[1]"), ([1, [2, []]], "[1,[2,[]]]"),
        ([:], "{}"), (["a": 1], #"{"a":1}"#), (["b": [:], "a": [nil]], #"{"b":{},"a":[null]}"#),
        (["a\"b\n": true], #"{"a\"b\n":true}"#),
    ]

    @Test("A value is written compactly, on one line", arguments: written)
    func writes(_ value: JSON, _ expected: String) {
        #expect(value.text == expected)
        #expect(!value.bytes.contains(0x0A))
    }

    @Test("Writing appends to what is there")
    func appends() {
        var line = Array("x".utf8)
        (["n": -12] as JSON).write(to: &line)
        (["m": 345] as JSONObject).write(to: &line)
        #expect(String(decoding: line, as: UTF8.self) == #"x{"n":-12}{"m":345}"#)
    }

    @Test("Long texts come back, whatever of them is escaped", arguments: [255, 256, 257, 5000])
    func longTexts(_ count: Int) throws {
        for unit in ["a", "\"", "\u{1}", "\u{7F}a", "é\n", "😀"] {
            let value: JSON = [.string(String(repeating: unit, count: count)), -12, "end"]
            #expect(try JSON(parsing: value.bytes) == value)
        }
    }

    @Test("Random values come back as they were written")
    func roundTrip() throws {
        var generator = SeededNumbers.announced("round trip")
        for _ in 0..<5_000 {
            let value = generator.json(depth: 4)
            let line = value.bytes
            let read = try JSON(parsing: line)
            #expect(read == value)
            #expect(read.bytes == line)
            #expect(!line.contains { $0 < 0x20 || $0 == 0x7F })
        }
    }
}
