import SeededNumbers

/// Makes inputs out of those of a corpus: the same seed makes the same.
struct Mutation {
    private var numbers: SeededNumbers
    private let corpus: [[UInt8]]
    private let words: [[UInt8]]

    /// - Parameter corpus: not empty.
    init(seed: UInt64, corpus: [[UInt8]], words: [[UInt8]]) {
        numbers = SeededNumbers(seed: seed)
        self.corpus = corpus
        self.words = words
    }

    /// The next input: an input of the corpus with one to eight changes.
    mutating func next() -> [UInt8] {
        var bytes = pick(corpus)
        for _ in 0..<Int.random(in: 1...8, using: &numbers) { change(&bytes) }
        return Array(bytes.prefix(Mutation.longest))
    }

    private static let longest = 1 << 16

    private mutating func pick<T>(_ choices: [T]) -> T {
        choices[Int.random(in: choices.indices, using: &numbers)]
    }

    private mutating func place(in bytes: [UInt8]) -> Int {
        Int.random(in: 0...bytes.count, using: &numbers)
    }

    private mutating func range(in bytes: [UInt8]) -> Range<Int> {
        let (first, second) = (place(in: bytes), place(in: bytes))
        return min(first, second)..<max(first, second)
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = place(in: bytes)
        switch Int.random(in: 0..<9, using: &numbers) {
        case 0 where place < bytes.count:
            bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &numbers)
        case 1 where place < bytes.count: bytes[place] = .random(in: 0...255, using: &numbers)
        case 2: bytes.insert(contentsOf: pick(words), at: place)
        case 3: bytes.removeSubrange(range(in: bytes))
        case 4: bytes.insert(contentsOf: bytes[range(in: bytes)], at: place)
        case 5: splice(&bytes)
        case 6: nest(&bytes)
        case 7:
            bytes.replaceSubrange(number(around: place, in: bytes), with: pick(Mutation.numbers))
        default: bytes.insert(contentsOf: repeated(), at: place)
        }
    }

    /// The beginning of this input, and the end of another.
    private mutating func splice(_ bytes: inout [UInt8]) {
        let other = pick(corpus)
        bytes = Array(bytes[..<place(in: bytes)]) + other[place(in: other)...]
    }

    /// A part of it within many brackets.
    private mutating func nest(_ bytes: inout [UInt8]) {
        let range = range(in: bytes)
        let (open, close) = pick(Mutation.brackets)
        let depth = pick([1, 2, 31, 32, 33, 1_000])
        let opening = Array(repeating: Array(open.utf8), count: depth).joined()
        let closing = Array(repeating: Array(close.utf8), count: depth).joined()
        bytes.replaceSubrange(range, with: opening + bytes[range] + closing)
    }

    private static let brackets = [
        ("[", "]"), (#"{"all":["#, "]}"), (#"{"not":"#, "}"), (#"{"a":"#, "}"), ("{{", "}}"),
        ("<a>", "</a>"),
        (#"[{"kind":"branch","paths":[{"name":"p","when":{"signal":"a.b"},"steps":"#, "}]}]"),
    ]

    /// The digits around `place`.
    private func number(around place: Int, in bytes: [UInt8]) -> Range<Int> {
        func isDigit(_ index: Int) -> Bool { (0x30...0x39).contains(bytes[index]) }
        var (start, end) = (place, place)
        while start > 0, isDigit(start - 1) { start -= 1 }
        while end < bytes.count, isDigit(end) { end += 1 }
        return start..<end
    }

    private static let numbers = [
        "0", "-1", "1", "500", "501", "1827", "1828", "-1827", "9007199254740991",
        "9007199254740992",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e308", "1e400",
        "0001",
        "9999", "00", "61", "2147483648", "4294967296", "18446744073709551615",
    ].map { Array($0.utf8) }

    private mutating func repeated() -> [UInt8] {
        let unit = pick(words)
        return Array(Array(repeating: unit, count: pick([2, 16, 300])).joined())
    }
}
