/// The requests to a child that have no answer yet.
struct PendingRequests {
    /// One of them.
    struct Request {
        enum Kind {
            case hello, configure, ping
            case send(key: String)
            case query(key: String)
        }

        let kind: Kind
        let deadline: Duration
        /// Where its last byte stands in the ``RequestStream``: before it is written, the child cannot
        /// have acted on it.
        let end: Int
    }

    private var requests: [Int: Request] = [:]
    private var lastID = 0
    /// Requests whose time has passed; their answers may still come.
    private var late: Set<Int> = []
    /// A channel that never answers at all is not to fill the memory.
    private static let lateLimit = 10_000
    /// A moment before which no request is overdue; it may lie before the first deadline, because
    /// looking for that at each answer would cost a walk over the window.
    private(set) var nextDeadline: Duration?

    /// A number for a request, the same never again.
    mutating func takeID() -> Int {
        lastID += 1
        return lastID
    }

    /// Whether a request with this number was ever made.
    func knows(_ id: Int) -> Bool { (1...max(1, lastID)).contains(id) && lastID > 0 }

    mutating func add(_ request: Request, id: Int) {
        requests[id] = request
        nextDeadline = min(nextDeadline ?? request.deadline, request.deadline)
    }

    /// Whether this is the one answer that may come to a request whose time has passed.
    mutating func takeLate(_ id: Int) -> Bool { late.remove(id) != nil }

    mutating func answered(_ id: Int) -> Request? {
        let request = requests.removeValue(forKey: id)
        if requests.isEmpty { nextDeadline = nil }
        return request
    }

    /// Removes what is overdue at `now`, and returns it in the order in which it was asked.
    mutating func takeOverdue(at now: Duration) -> [Request] {
        guard let nextDeadline, nextDeadline <= now else { return [] }
        let overdue = requests.filter { $0.value.deadline <= now }.sorted { $0.key < $1.key }
        if late.count > Self.lateLimit { late = [] }
        for (id, _) in overdue {
            requests[id] = nil
            late.insert(id)
        }
        self.nextDeadline = requests.values.map(\.deadline).min()
        return overdue.map(\.value)
    }

    /// Removes everything, and returns it in the order in which it was asked.
    mutating func takeAll() -> [Request] {
        defer {
            requests = [:]
            late = []
            nextDeadline = nil
        }
        return requests.sorted { $0.key < $1.key }.map(\.value)
    }
}
