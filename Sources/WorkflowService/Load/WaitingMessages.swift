import WorkflowProtocol

/// Messages whose lines are executed, and of which some wait for events or for the clock.
struct WaitingMessages {
    private(set) var runs: [MessageRun] = []
    private var bytes = 0

    /// Keeps `run`.
    /// - Returns: false where there is no room for it.
    mutating func add(_ run: MessageRun) -> Bool {
        guard runs.count < ProtocolLimits.waitingMessages,
            bytes + run.replyBytes <= ProtocolLimits.queueBytes
        else { return false }
        bytes += run.replyBytes
        runs.append(run)
        return true
    }

    /// Takes out those that are answered, in the order in which they came.
    mutating func takeAnswered() -> [MessageRun] {
        let answered = runs.filter { !$0.isWaiting }
        guard !answered.isEmpty else { return [] }
        runs.removeAll { !$0.isWaiting }
        bytes = runs.reduce(0) { $0 + $1.replyBytes }
        return answered
    }

    /// What the lines wait for.
    var reasons: some Sequence<Waiting> {
        runs.lazy.flatMap(\.lines).compactMap { line in
            if case .waiting(_, let waiting) = line { waiting } else { nil }
        }
    }
}
