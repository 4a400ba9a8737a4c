import JSONLines
import Logging
import ServiceHealth
import WorkflowProtocol
import ZeroMQ

/// All sockets of the daemon.
///
/// What asks for keys and what does not are different sockets: who sent a message over a socket that
/// asks is never taken for somebody on this machine.
final class Wires {
    private let context = Context()
    private let epoch: String
    private let gate: KeyGate?
    private let openCommands: CommandEndpoint?
    private let guardedCommands: CommandEndpoint?
    private let openEvents: EventPublisher?
    private let guardedEvents: EventPublisher?
    private let connections: ConnectionLimit

    /// Binds all endpoints of `configuration`; where one asks for keys, it is proved first that keys
    /// are checked.
    init(
        _ configuration: Configuration, keys: CurveKeyPair, epoch: String, channels: Int,
        log: Logger
    ) throws {
        self.epoch = epoch
        connections = ConnectionLimit(channels: channels, log: log)
        let all = configuration.commandEndpoints + configuration.eventEndpoints
        let asks = all.contains(where: \.asksForKeys)
        gate = asks ? try KeyGate(context, keys: keys, log: log) : nil
        if let gate {
            guardedCommands = try Wires.commands(context, configuration, gate, log)
            guardedEvents = try Wires.events(context, configuration, gate)
        } else {
            (guardedCommands, guardedEvents) = (nil, nil)
        }
        openCommands = try Wires.commands(context, configuration, nil, log)
        openEvents = try Wires.events(context, configuration, nil)
        // Not before the last proof: during one, no other key is known, and libzmq's clients take a
        // refusal as final.
        for endpoint in [guardedCommands, openCommands] { try endpoint?.bind() }
        for publisher in [guardedEvents, openEvents] { try publisher?.bind() }
    }

    /// The commands' socket for the endpoints behind `gate`, or for those without; nil where there are
    /// none.
    private static func commands(
        _ context: Context, _ configuration: Configuration, _ gate: KeyGate?, _ log: Logger
    ) throws -> CommandEndpoint? {
        let own = configuration.commandEndpoints.filter { $0.asksForKeys == (gate != nil) }
        guard !own.isEmpty else { return nil }
        return try CommandEndpoint(context, endpoints: own, gate: gate, log: log)
    }

    /// The events' socket for the endpoints behind `gate`, or for those without; nil where there are
    /// none.
    private static func events(
        _ context: Context, _ configuration: Configuration, _ gate: KeyGate?
    ) throws -> EventPublisher? {
        let own = configuration.eventEndpoints.filter { $0.asksForKeys == (gate != nil) }
        guard !own.isEmpty else { return nil }
        return try EventPublisher(context, endpoints: own, gate: gate)
    }

    /// Where everything listens.
    var endpoints: Daemon.Endpoints {
        Daemon.Endpoints(
            commands: (openCommands?.addresses ?? []) + (guardedCommands?.addresses ?? []),
            events: (openEvents?.addresses ?? []) + (guardedEvents?.addresses ?? []),
            guarded: (guardedCommands?.addresses ?? []) + (guardedEvents?.addresses ?? []),
            serverKey: gate?.keys.publicKey.text)
    }

    /// What to poll: readable when there is a message, a handshake or a connection.
    var pollItems: [PollItem] {
        [openCommands, guardedCommands].compactMap { $0 }.flatMap(\.pollItems)
            + [openEvents, guardedEvents].compactMap { $0?.pollItem }
            + (gate.map { [$0.pollItem] } ?? [])
    }

    /// Answers the handshakes that wait, and takes the messages that are there.
    func receive(at now: Duration, isRegistered: (String) throws -> Bool) throws(ZeroMQError)
        -> [IncomingMessage]
    {
        try gate?.answer(isRegistered: isRegistered)
        for publisher in [openEvents, guardedEvents] { try publisher?.count(connections, at: now) }
        let messages =
            try (openCommands?.receive(connections, at: now) ?? [])
            + (guardedCommands?.receive(connections, at: now) ?? [])
        connections.makeRoom(at: now)
        return messages
    }

    /// How many clients are connected.
    func connectionFacts(at now: Duration) -> ConnectionFacts { connections.facts(at: now) }

    /// Sends `replies`, each over the socket that its command came from.
    func send(_ replies: [OutgoingMessage]) {
        for reply in replies {
            (reply.caller == .local ? openCommands : guardedCommands)?.send(reply)
        }
    }

    /// Publishes `events`; where `cutsSubscribers`, none reaches a subscriber before its key was
    /// checked again.
    func publish(_ events: [Event], cutsSubscribers: Bool = false) throws(ZeroMQError) {
        if cutsSubscribers { try guardedEvents?.cutSubscribers(connections) }
        for event in events { try publish(event.type, event.line(epoch: epoch)) }
    }

    /// Publishes `heartbeat`.
    func publish(heartbeat: JSON) throws(ZeroMQError) {
        guardedEvents?.listenAgain()
        try publish("heartbeat", heartbeat.bytes + [0x0A])
    }

    private func publish(_ topic: String, _ line: [UInt8]) throws(ZeroMQError) {
        let topic = Array(topic.utf8)
        try openEvents?.publish(topic, line)
        try guardedEvents?.publish(topic, line)
    }

    /// Takes no more commands.
    func closeCommands() {
        openCommands?.close()
        guardedCommands?.close()
    }

    /// Closes what is left; on return nothing lingers.
    func close() {
        openEvents?.close()
        guardedEvents?.close()
        gate?.close()
        context.terminate()
    }
}
