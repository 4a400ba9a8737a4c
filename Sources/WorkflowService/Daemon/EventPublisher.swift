import JSONLines
import WorkflowProtocol
import ZeroMQ

/// The PUB socket that broadcasts the feed: its fast copy, which may lose events; `events.read` has all.
final class EventPublisher {
    private let socket: Socket
    private let epoch: String

    init(_ context: Context, endpoints: [String], epoch: String) throws {
        self.epoch = epoch
        socket = try Socket(context, .publish)
        try socket.set(
            .linger(.milliseconds(200)),
            // Memory that one slow subscriber can hold: some tens of megabytes; then it loses events.
            .sendHighWaterMark(50_000),
            .heartbeat(interval: .seconds(1), timeout: .seconds(5), timeToLive: .seconds(5)),
            .handshakeInterval(.seconds(5)))
        for endpoint in endpoints { try EndpointRules.bind(socket, endpoint) }
    }

    /// Where it listens, with the real port.
    var endpoint: String { socket.lastEndpoint }

    func publish(_ events: [Event]) throws(ZeroMQError) {
        for event in events { try publish(event.type, event.line(epoch: epoch)) }
    }

    func publish(heartbeat: JSON) throws(ZeroMQError) {
        try publish("heartbeat", heartbeat.bytes + [0x0A])
    }

    private func publish(_ topic: String, _ line: [UInt8]) throws(ZeroMQError) {
        _ = try socket.send([Array(topic.utf8), line], wait: false)
    }

    func close() { socket.close() }
}
