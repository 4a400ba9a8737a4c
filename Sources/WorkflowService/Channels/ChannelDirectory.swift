import WorkflowModel
import WorkflowStore

/// What channels are and what they said of themselves last, over restarts.
///
/// What a channel last said of itself is kept in the store: it counts where the channel does not come up.
/// While it may come up any moment it is waited for, as it may be another program by now.
final class ChannelDirectory {
    /// What they are and take now.
    private(set) var availability = ChannelAvailability([], heard: [])
    /// What channels said of themselves last.
    private var known: [String: KnownChannel] = [:]
    /// What of that is not stored yet.
    private(set) var news: [KnownChannel] = []

    /// Takes over what channels said of themselves before this start.
    func remember(_ channels: [KnownChannel]) {
        for channel in channels { known[channel.name] = channel }
    }

    /// Notes that `channels` are stored.
    func stored(_ channels: [KnownChannel]) { news.removeAll(where: channels.contains) }

    func refresh(_ channels: [ChannelState]) {
        for channel in channels { learn(channel) }
        let heard = Set(channels.filter { $0.audience != .unknown }.map(\.name))
        availability = ChannelAvailability(channels.map(withWhatIsKnown), heard: heard)
    }

    private func learn(_ state: ChannelState) {
        guard let said = KnownChannel(state), known[state.name] != said else { return }
        known[state.name] = said
        news.removeAll { $0.name == said.name }
        news.append(said)
    }

    /// `state`, where the channel has not said what it is, with what it said last.
    private func withWhatIsKnown(_ state: ChannelState) -> ChannelState {
        guard state.audience == .unknown, let known = known[state.name],
            known.installation == state.installation
        else { return state }
        var state = state
        state.audience = known.audience
        state.tellsRepeatedKeys = known.tellsRepeatedKeys
        state.answersQueries = known.answersQueries
        return state
    }
}

/// What the engine is told about channels, and what each of them takes.
///
/// A value: a turn takes off what it claims of its own copy.
struct ChannelAvailability {
    private var states: [String: ChannelState]
    private(set) var facts: [String: ChannelFacts]
    let names: [String]

    /// - Parameter heard: the channels that have said themselves what they are.
    init(_ channels: [ChannelState], heard: Set<String>) {
        states = Dictionary(channels.map { ($0.name, $0) }) { first, _ in first }
        names = channels.map(\.name)
        facts = states.mapValues { state in
            let mayComeUp = state.isStarting && !heard.contains(state.name)
            return ChannelFacts(
                readiness: mayComeUp ? .unheard : state.readiness, audience: state.audience)
        }
    }

    /// Whether a channel is coming up for the first time, so that time should not pass meanwhile.
    var isAnyStarting: Bool { states.values.contains(where: \.isStarting) }

    func state(_ name: String) -> ChannelState? { states[name] }

    /// How many more messages `name` takes.
    func capacity(_ name: String) -> Int { states[name]?.capacity ?? 0 }

    /// Takes one message off what `name` takes.
    mutating func claim(_ name: String) {
        guard var state = states[name] else { return }
        state.capacity = max(0, state.capacity - 1)
        states[name] = state
        guard let readiness = facts[name]?.readiness, readiness != .unheard,
            readiness != state.readiness
        else { return }
        facts[name]?.readiness = state.readiness
    }
}

extension ChannelState {
    fileprivate var readiness: ChannelFacts.Readiness {
        if !isUp { .down } else if capacity > 0 { .open } else { .busy }
    }
}

extension KnownChannel {
    /// What is to be remembered of a channel that has said what it is.
    fileprivate init?(_ state: ChannelState) {
        guard state.audience != .unknown else { return nil }
        self.init(
            name: state.name, installation: state.installation, audience: state.audience,
            tellsRepeatedKeys: state.tellsRepeatedKeys, answersQueries: state.answersQueries)
    }
}
