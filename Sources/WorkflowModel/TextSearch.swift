/// Looks for a text in others, code point by code point, in a time that grows with their lengths alone.
///
/// Algorithm: Knuth, Morris, Pratt, "Fast Pattern Matching in Strings" (1977).
struct TextSearch {
    private let sought: [UInt8]
    /// For each byte, how many bytes before its end also begin the text: where to go on after a
    /// difference behind it.
    private let borders: [Int]

    /// A search for `text`.
    init(for text: String) {
        sought = Array(text.utf8)
        var borders = Array(repeating: 0, count: sought.count)
        for index in sought.indices.dropFirst() {
            borders[index] = TextSearch.step(sought, borders, borders[index - 1], sought[index])
        }
        self.borders = borders
    }

    /// Whether it stands in `text`; one that is empty stands in every text.
    func isFound(in text: String) -> Bool {
        guard !sought.isEmpty else { return true }
        var matched = 0
        for byte in text.utf8 {
            matched = TextSearch.step(sought, borders, matched, byte)
            if matched == sought.count { return true }
        }
        return false
    }

    /// How many bytes of `sought` end in `byte`, where `matched` ended before it.
    private static func step(
        _ sought: [UInt8], _ borders: [Int], _ matched: Int, _ byte: UInt8
    ) -> Int {
        var matched = matched
        while matched > 0, sought[matched] != byte { matched = borders[matched - 1] }
        return sought[matched] == byte ? matched + 1 : matched
    }
}
