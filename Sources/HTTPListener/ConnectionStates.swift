/// What each connection of a listener is at, and which have to end: those that take too long, and where
/// there are too many those that cost others most.
struct ConnectionStates {
    /// What a connection is at.
    enum Stage: Hashable {
        /// Its client says nothing and is told nothing; the next request may come.
        case idle
        /// A request is coming in; of a new connection, the first.
        case reading
        /// The handler is at work.
        case handling
        /// The response leaves.
        case answering
    }

    private struct State {
        var stage: Stage
        var since: Duration
    }

    private let limits: HTTPListener.Limits
    private var states: [Int32: State] = [:]

    init(_ limits: HTTPListener.Limits) { self.limits = limits }

    /// Takes in a new connection, whose first request is expected.
    /// - Returns: the connection that has to go for it, which may be itself; nil where there is room.
    mutating func open(_ descriptor: Int32, at now: Duration) -> Int32? {
        let leaves = states.count >= limits.connections ? (leastWanted ?? descriptor) : nil
        states[descriptor] = State(stage: .reading, since: now)
        if let leaves { states[leaves] = nil }
        return leaves
    }

    mutating func close(_ descriptor: Int32) { states[descriptor] = nil }

    /// A request that is being read goes on being read: its time is not counted anew.
    mutating func enter(_ stage: Stage, _ descriptor: Int32, at now: Duration) {
        guard let old = states[descriptor], old.stage != stage else { return }
        states[descriptor] = State(stage: stage, since: now)
    }

    /// Takes out the connections that take too long.
    mutating func takeOverdue(at now: Duration) -> [Int32] {
        let overdue = states.filter { deadline($0.value).map { $0 <= now } ?? false }.map(\.key)
        for descriptor in overdue { states[descriptor] = nil }
        return overdue
    }

    /// When the next connection takes too long.
    var nextDeadline: Duration? { states.values.compactMap(deadline).min() }

    private func deadline(_ state: State) -> Duration? {
        switch state.stage {
        case .idle: state.since + limits.silence
        case .reading: state.since + limits.request
        case .handling: nil
        case .answering: state.since + limits.response
        }
    }

    /// The one that has been idle longest, else the one whose request takes longest, else the one that
    /// takes longest to read its response; none where the handler is at work for all.
    private var leastWanted: Int32? {
        for stage in [Stage.idle, .reading, .answering] {
            let candidates = states.filter { $0.value.stage == stage }
            if let oldest = candidates.min(by: { $0.value.since < $1.value.since }) {
                return oldest.key
            }
        }
        return nil
    }
}
