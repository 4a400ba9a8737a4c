/// Guesses what a misspelt name was meant to be.
public enum Spelling {
    /// The one of `known` within two edits of `name` (a third of its length, for short names), or nil.
    public static func nearest(to name: String, among known: [String]) -> String? {
        nearest(to: name, among: known, within: min(2, max(1, name.count / 3)))
    }

    /// The one of `known` within `limit` edits of `name`, or nil; of several that are as near, the first
    /// by the alphabet.
    ///
    /// Edits are insertions, deletions, substitutions and swaps of neighbours (Damerau 1964, as optimal
    /// string alignment).
    public static func nearest(to name: String, among known: [String], within limit: Int) -> String?
    {
        let length = name.utf8.prefix(64).count
        let near = known.lazy.filter { abs($0.utf8.prefix(64).count - length) <= limit }
            .map { (distance(name, $0), $0) }.filter { $0.0 <= limit }
        return near.min { $0 < $1 }?.1
    }

    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8.prefix(64))
        let right = Array(right.utf8.prefix(64))
        var before: [Int] = []
        var row = Array(0...right.count)
        for i in left.indices {
            var next = [i + 1]
            for j in right.indices {
                let substitution = row[j] + (left[i] == right[j] ? 0 : 1)
                var edits = min(substitution, next[j] + 1, row[j + 1] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    edits = min(edits, before[j - 1] + 1)
                }
                next.append(edits)
            }
            (before, row) = (row, next)
        }
        return row[right.count]
    }
}
