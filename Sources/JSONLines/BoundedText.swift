extension String {
    /// The text itself where it has at most `limit` bytes of UTF-8; else its beginning and `…`, together
    /// no longer than that.
    ///
    /// `limit` is at least 3, the bytes of the mark.
    public func bounded(to limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: max(0, limit - 3))
        while !isScalarBoundary(end) { end = utf8.index(before: end) }
        return String(unicodeScalars[..<end]) + "…"
    }

    private func isScalarBoundary(_ index: Index) -> Bool {
        index == endIndex || utf8[index] & 0b1100_0000 != 0b1000_0000
    }
}
