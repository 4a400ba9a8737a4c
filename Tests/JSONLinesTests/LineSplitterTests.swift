import JSONLines
import SeededNumbers
import Testing

@Suite struct LineSplitterTests {
    static let limit = 5

    /// A stream, its lines (nil for one too long), and what remains behind the last line end.
    static let streams: [(String, [String?], String)] = [
        ("", [], ""),
        ("\n", [""], ""),
        ("\n\n", ["", ""], ""),
        ("a\n", ["a"], ""),
        ("a\nb", ["a"], "b"),
        ("a\r\nb\r\n", ["a", "b"], ""),
        ("\r\n", [""], ""),
        ("\r", [], "\r"),
        ("a\r\r\n", ["a\r"], ""),
        ("a\rb\n", ["a\rb"], ""),
        ("12345\n", ["12345"], ""),
        ("12345\r\n", ["12345"], ""),
        ("123456\n", [nil], ""),
        ("123456\r\n", [nil], ""),
        ("12345\r\r\n", [nil], ""),
        ("123456789\na\n", [nil, "a"], ""),
        ("123456789123456789\n\nb\n", [nil, "", "b"], ""),
        ("a\n1234567\n1234567\nb\nc", ["a", nil, nil, "b"], "c"),
        ("1234567", [nil], ""),
        ("é\n😀\r\n", ["é", "😀"], ""),
        ("a\u{2028}\u{85}\n", [nil], ""),
        ("\u{85}\n", ["\u{85}"], ""),
    ]

    @Test("Every split into three, and byte by byte, gives the same lines", arguments: streams)
    func splits(_ stream: String, _ lines: [String?], _ remainder: String) {
        let bytes = Array(stream.utf8)
        let expected = lines.map {
            $0.map { .complete(Array($0.utf8)) } ?? LineSplitter.Line.tooLong
        }
        expect(bytes.map { [$0] }, expected, remainder)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let parts = [bytes[..<first], bytes[first..<second], bytes[second...]]
                expect(parts.map(Array.init), expected, remainder)
            }
        }
    }

    private func expect(
        _ parts: [[UInt8]], _ expected: [LineSplitter.Line], _ remainder: String
    ) {
        // Once taken after every part, once all at the end.
        for isEager in [true, false] {
            var splitter = LineSplitter(limit: LineSplitterTests.limit)
            var lines: [LineSplitter.Line] = []
            for part in parts {
                splitter.append(part)
                while isEager, let line = splitter.next() { lines.append(line) }
            }
            while let line = splitter.next() { lines.append(line) }
            #expect(lines == expected, "\(parts)")
            #expect(splitter.remainder() == Array(remainder.utf8), "\(parts)")
        }
    }

    @Test("A random stream in random parts gives the lines that it was made of")
    func randomStream() {
        var generator = SeededNumbers.announced("random stream")
        var splitter = LineSplitter(limit: 300)
        var expected: [LineSplitter.Line] = []
        var stream: [UInt8] = []
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...310, using: &generator)
            let line = [UInt8](repeating: UInt8(0x20 + expected.count % 90), count: count)
            expected.append(count > 300 ? .tooLong : .complete(line))
            stream += line + (Bool.random(using: &generator) ? [0x0D, 0x0A] : [0x0A])
        }
        var lines: [LineSplitter.Line] = []
        var rest = stream[...]
        while !rest.isEmpty {
            let part = rest.prefix(Int.random(in: 1...100_000, using: &generator))
            rest = rest.dropFirst(part.count)
            splitter.append(part)
            while let line = splitter.next() { lines.append(line) }
        }
        #expect(lines == expected)
        #expect(splitter.remainder() == [])
    }

    @Test("After the end of one stream it begins the next afresh")
    func remainderResets() {
        var splitter = LineSplitter(limit: 5)
        splitter.append(Array("123456789".utf8))
        #expect(splitter.next() == .tooLong)
        #expect(splitter.remainder() == [])
        splitter.append(Array("a\nb".utf8))
        #expect(splitter.next() == .complete(Array("a".utf8)))
        #expect(splitter.next() == nil)
        #expect(splitter.remainder() == Array("b".utf8))
        #expect(splitter.remainder() == [])
    }

    @Test("A line of the greatest length goes through whole; an endless one is told of once")
    func longLines() {
        let limit = 1 << 20
        var splitter = LineSplitter(limit: limit)
        let chunk = [UInt8](repeating: 0x61, count: 1 << 16)
        for _ in 0..<16 {
            splitter.append(chunk)
            #expect(splitter.next() == nil)
        }
        splitter.append([0x0D, 0x0A])
        #expect(splitter.next() == .complete([UInt8](repeating: 0x61, count: limit)))
        var told = 0
        for _ in 0..<200 {
            splitter.append(chunk)
            while splitter.next() != nil { told += 1 }
        }
        #expect(told == 1)
        splitter.append(Array("\nnext\n".utf8))
        #expect(splitter.next() == .complete(Array("next".utf8)))
    }
}
