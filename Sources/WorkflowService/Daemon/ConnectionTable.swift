/// The connections to the daemon's sockets, and which of them are cut where there are too many.
struct ConnectionTable {
    /// What a connection is for.
    enum Purpose: Hashable {
        case commands
        case events
    }

    /// A socket of the daemon, whose connections end with it.
    struct Owner: Hashable {
        let purpose: Purpose
        let asksForKeys: Bool
    }

    /// An open connection.
    struct Connection: Hashable {
        let owner: Owner
        /// What the kernel calls it, never to be given again; its descriptor's number is.
        let name: UInt64
        /// When it came, by the clock that never jumps.
        let since: Duration
        /// When its last command came; nil where none did.
        var lastCommand: Duration?
    }

    /// The open connections by their descriptors.
    private(set) var connections: [Int32: Connection] = [:]
    private var counts: [Purpose: Int] = [:]

    /// A client that is silent for longer waits for no reply: `events.read` waits for a minute at most.
    static let idle = Duration.seconds(90)

    mutating func open(_ descriptor: Int32, _ owner: Owner, name: UInt64, at now: Duration) {
        close(descriptor)
        connections[descriptor] = Connection(owner: owner, name: name, since: now)
        counts[owner.purpose, default: 0] += 1
    }

    mutating func close(_ descriptor: Int32) {
        guard let old = connections.removeValue(forKey: descriptor) else { return }
        counts[old.owner.purpose, default: 0] -= 1
    }

    mutating func closeAll(of owner: Owner) {
        for (descriptor, connection) in connections where connection.owner == owner {
            close(descriptor)
        }
    }

    mutating func noteCommand(over descriptor: Int32, at now: Duration) {
        connections[descriptor]?.lastCommand = now
    }

    func count(_ purpose: Purpose) -> Int { counts[purpose] ?? 0 }

    /// Which to cut, so that of `limit` connections one in sixteen is free for newcomers.
    ///
    /// First go clients that never sent a command, the oldest first; then the newest of subscribers that
    /// take more than half of the room; then clients whose last command was long ago. A client that is at
    /// work or waits for a reply keeps its connection; so do all subscribers that were there first.
    func surplus(limit: Int, at now: Duration) -> [Int32] {
        let count = connections.count - (limit - max(1, limit / 16))
        guard count > 0 else { return [] }
        let candidates = silent + newestSubscribers(beyond: limit / 2) + idle(at: now)
        return Array(candidates.prefix(count))
    }

    private var silent: [Int32] {
        connections.filter { $0.value.owner.purpose == .commands && $0.value.lastCommand == nil }
            .sorted { ($0.value.since, $0.key) < ($1.value.since, $1.key) }.map(\.key)
    }

    private func newestSubscribers(beyond share: Int) -> [Int32] {
        connections.filter { $0.value.owner.purpose == .events }
            .sorted { ($0.value.since, $0.key) < ($1.value.since, $1.key) }.dropFirst(share)
            .reversed().map(\.key)
    }

    private func idle(at now: Duration) -> [Int32] {
        connections.compactMap { descriptor, connection in
            connection.lastCommand.map { (descriptor: descriptor, last: $0) }
        }.filter { now - $0.last > Self.idle }.sorted { $0.last < $1.last }.map(\.descriptor)
    }
}
