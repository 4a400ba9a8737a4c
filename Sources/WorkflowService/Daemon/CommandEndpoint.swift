import Logging
import ZeroMQ

/// The ROUTER that takes commands and gives each message its one reply.
final class CommandEndpoint {
    let socket: Socket
    private let log: Logger
    /// Messages that one turn takes at most, so that a flood leaves room for what is due.
    private static let batch = 1_024
    /// Bytes that one turn takes at most.
    private static let batchBytes = 16 << 20

    init(_ context: Context, endpoints: [String], log: Logger) throws {
        self.log = log
        socket = try Socket(context, .router)
        try socket.set(
            .linger(.milliseconds(200)), .routerMandatory(true), .sendHighWaterMark(10_000),
            .receiveHighWaterMark(10_000),
            // A far backstop: libzmq answers a larger frame by cutting the connection, without a word.
            .maximumMessageSize(64 << 20),
            .heartbeat(interval: .seconds(1), timeout: .seconds(5), timeToLive: .seconds(5)),
            .handshakeInterval(.seconds(5)))
        for endpoint in endpoints { try EndpointRules.bind(socket, endpoint) }
    }

    /// The messages that are there, as many as one turn takes.
    func receive() throws(ZeroMQError) -> [IncomingMessage] {
        var messages: [IncomingMessage] = []
        var bytes = 0
        while messages.count < Self.batch, bytes < Self.batchBytes,
            let frames = try socket.receive(wait: false)
        {
            let envelope = Envelope(frames)
            bytes += envelope.body.reduce(0) { $0 + $1.count }
            messages.append(
                IncomingMessage(
                    envelope: envelope.address,
                    body: envelope.body.count == 1 ? envelope.body[0] : nil))
        }
        return messages
    }

    /// Sends `reply`.
    ///
    /// A client that has gone, or that does not read, loses it.
    func send(_ reply: OutgoingMessage) {
        do {
            let isSent = try socket.send(reply.envelope + [reply.body], wait: false)
            if !isSent { log.warning("A reply was dropped: its client does not read") }
        } catch {
            if !error.peerUnknown {
                log.error("A reply could not be sent", metadata: ["error": "\(error)"])
            }
        }
    }
}

/// What an endpoint has to be like.
enum EndpointRules {
    /// Binds `socket` to `endpoint`, which only this machine can reach.
    static func bind(_ socket: Socket, _ endpoint: String) throws {
        guard isLocal(endpoint) else { throw StartError.endpointNeedsKeys(endpoint) }
        do {
            try socket.bind(endpoint)
        } catch {
            if error.addressInUse { throw StartError.endpointTaken(endpoint) }
            throw StartError.endpointInvalid(endpoint, reason: error.reason)
        }
    }

    private static func isLocal(_ endpoint: String) -> Bool {
        if endpoint.hasPrefix("ipc://") { return true }
        let hosts = ["127.0.0.1:", "localhost:", "[::1]:", "lo:"]
        return hosts.contains { endpoint.hasPrefix("tcp://\($0)") } || !endpoint.hasPrefix("tcp://")
    }
}
