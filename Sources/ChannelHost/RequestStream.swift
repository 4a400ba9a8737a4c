import ChannelKit

/// The bytes of requests that a child has yet to take, with their place in all that it was ever given.
struct RequestStream {
    private var bytes: [UInt8] = []
    private var taken = 0
    /// How many bytes the child's pipe has taken since its start.
    private(set) var written = 0

    /// Whether nothing waits.
    var isEmpty: Bool { taken == bytes.count }

    /// Where the last byte that was appended stands.
    var end: Int { written + bytes.count - taken }

    mutating func append(_ request: HostRequest, id: Int) { request.write(id: id, to: &bytes) }

    /// Gives `child` what its pipe takes without waiting.
    ///
    /// Returns false where nobody reads any more.
    mutating func write(to child: ChildProcess) -> Bool {
        while !isEmpty {
            guard let count = child.write(bytes[taken...]) else { return false }
            guard count > 0 else { break }
            taken += count
            written += count
        }
        compact()
        return true
    }

    private mutating func compact() {
        if isEmpty {
            bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 20)
            taken = 0
        } else if taken > 1 << 20 {
            bytes.removeSubrange(0..<taken)
            taken = 0
        }
    }
}
