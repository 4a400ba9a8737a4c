/// Guesses what a misspelt name was meant to be.
public enum Spelling {
    /// The one of `known` within two edits of `name` (a third of its length, for short names), or nil.
    ///
    /// Edits are insertions, deletions and substitutions (Levenshtein 1966).
    public static func nearest(to name: String, among known: [String]) -> String? {
        let limit = min(2, max(1, name.count / 3))
        let length = name.utf8.prefix(64).count
        let near = known.lazy.filter { abs($0.utf8.prefix(64).count - length) <= limit }
            .map { ($0, distance(name, $0)) }.filter { $0.1 <= limit }
        return near.min { $0.1 < $1.1 }?.0
    }

    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8.prefix(64))
        let right = Array(right.utf8.prefix(64))
        var row = Array(0...right.count)
        for (i, l) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, r) in right.enumerated() {
                let substitution = diagonal + (l == r ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
