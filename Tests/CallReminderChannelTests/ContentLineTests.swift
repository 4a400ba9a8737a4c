import Testing

@testable import CallReminderChannel

@Suite struct ContentLineTests {
    @Test(arguments: [
        ("a;b,c\\d", #"a\;b\,c\\d"#), ("one\ntwo", #"one\ntwo"#), ("one\r\ntwo", #"one\ntwo"#),
        ("one\rtwo", #"one\ntwo"#), ("\r\n\r\n", #"\n\n"#), ("\n\r", #"\n\n"#),
        ("u\u{2028}v\u{2029}w\u{85}x\u{0B}y\u{0C}z", #"u\nv\nw\nx\ny\nz"#),
        ("bell\u{07}, nul\u{0}, del\u{7F}", #"bell\, nul\, del"#), ("tab\there", "tab\there"),
        ("\"q\": 'x' 🙂", "\"q\": 'x' 🙂"), ("", ""),
    ])
    func escapes(_ text: String, _ expected: String) {
        #expect(ContentLine.escaped(text) == expected)
    }

    @Test(arguments: ["x", "ä", "語", "🙂", "e\u{301}", "x🙂", " "], [0, 1, 60, 68, 69, 70, 71, 300])
    func folds(_ piece: String, _ count: Int) {
        let text = String(repeating: piece, count: count)
        var bytes: [UInt8] = []
        ContentLine("SUMMARY", text: text).write(to: &bytes)
        #expect(bytes.suffix(2) == [0x0D, 0x0A])
        let lines = bytes.dropLast(2).split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { $0.last == 0x0D ? $0.dropLast() : $0 }
        for (index, line) in lines.enumerated() {
            #expect(line.count <= 75)
            #expect(String(validating: line, as: UTF8.self) != nil)
            #expect(index == 0 || line.first == 0x20)
        }
        let whole = lines.enumerated().flatMap { $0 == 0 ? $1 : $1.dropFirst() }
        #expect(String(decoding: whole, as: UTF8.self) == "SUMMARY:\(text)")
    }
}
