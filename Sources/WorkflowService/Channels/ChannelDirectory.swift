import WorkflowModel

/// What the engine is told about channels, kept up to date within a turn as messages are claimed.
final class ChannelDirectory {
    private var states: [String: ChannelState] = [:]
    private(set) var facts: [String: ChannelFacts] = [:]
    private(set) var names: [String] = []

    func refresh(_ channels: [ChannelState]) {
        states = Dictionary(channels.map { ($0.name, $0) }) { first, _ in first }
        names = channels.map(\.name)
        facts = states.mapValues { ChannelFacts(readiness: $0.readiness, audience: $0.audience) }
    }

    /// Whether a channel is coming up for the first time, so that time should not pass meanwhile.
    var isAnyStarting: Bool { states.values.contains(where: \.isStarting) }

    func state(_ name: String) -> ChannelState? { states[name] }

    /// How many more messages `name` takes.
    func capacity(_ name: String) -> Int { states[name]?.capacity ?? 0 }

    func claim(_ name: String) { change(name, by: -1) }

    func release(_ name: String) { change(name, by: 1) }

    private func change(_ name: String, by delta: Int) {
        guard var state = states[name] else { return }
        state.capacity = max(0, state.capacity + delta)
        states[name] = state
        if facts[name]?.readiness != state.readiness { facts[name]?.readiness = state.readiness }
    }
}

extension ChannelState {
    fileprivate var readiness: ChannelFacts.Readiness {
        if !isUp { .down } else if capacity > 0 { .open } else { .busy }
    }
}
