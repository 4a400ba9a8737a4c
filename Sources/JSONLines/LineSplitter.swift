/// Cuts a stream of bytes into lines at LF; one CR before it is dropped.
///
/// Feed it what a read returned, whatever the split, and take lines until there is none. A line over
/// the limit is reported once, its bytes are dropped as they come, and the next line is read as usual,
/// so that memory stays within the limit plus one read.
public struct LineSplitter: Sendable {
    /// What was cut off the stream.
    public enum Line: Hashable, Sendable {
        case complete([UInt8])
        case tooLong
    }

    private let limit: Int
    private var buffer: [UInt8] = []
    private var consumed = 0
    private var searched = 0
    private var dropping = false

    /// A splitter for lines of at most `limit` bytes, not counting their end.
    public init(limit: Int) {
        precondition(limit > 0)
        self.limit = limit
    }

    /// Takes the next bytes of the stream.
    public mutating func append(_ bytes: some Sequence<UInt8>) {
        if consumed > 0, consumed == buffer.count || consumed > 65_536 {
            buffer.removeSubrange(0..<consumed)
            searched -= consumed
            consumed = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next line, without its end; nil until more bytes come.
    public mutating func next() -> Line? {
        while let end = buffer[searched...].firstIndex(of: 0x0A) {
            let start = consumed
            consumed = end + 1
            searched = consumed
            if dropping {
                dropping = false
                continue
            }
            let last = end > start && buffer[end - 1] == 0x0D ? end - 1 : end
            return last - start > limit ? .tooLong : .complete(Array(buffer[start..<last]))
        }
        searched = buffer.count
        return dropWhatIsTooLong()
    }

    /// What came after the last line end, when the stream is over.
    public mutating func remainder() -> [UInt8] {
        defer { self = LineSplitter(limit: limit) }
        return dropping ? [] : Array(buffer[consumed...])
    }

    private mutating func dropWhatIsTooLong() -> Line? {
        // One byte of grace: a CR that the next byte may turn into a line end.
        guard dropping || buffer.count - consumed > limit + 1 else { return nil }
        let isNew = !dropping
        dropping = true
        buffer.removeAll(keepingCapacity: buffer.capacity <= 1 << 20)
        consumed = 0
        searched = 0
        return isNew ? .tooLong : nil
    }
}
