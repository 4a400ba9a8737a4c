import Logging
import ZeroMQ

/// The ROUTER that takes commands and gives each message its one reply.
final class CommandEndpoint {
    let socket: Socket
    /// Where it listens, with the real ports; nowhere before ``bind()``.
    private(set) var addresses: [String] = []
    private let endpoints: [Endpoint]
    private let asksForKeys: Bool
    private var monitor: SocketMonitor?
    private var replies: ReplyQueues
    /// Messages that one turn takes at most, so that a flood leaves room for what is due.
    private static let batch = 1_024
    /// Bytes that one turn takes at most, but for a single longer message.
    private static let batchBytes = 4 << 20

    /// A socket for `endpoints`, all of which ask for keys where there is a `gate`, which is proved.
    init(_ context: Context, endpoints: [Endpoint], gate: KeyGate?, log: Logger) throws {
        replies = ReplyQueues(log: log)
        self.endpoints = endpoints
        asksForKeys = gate != nil
        socket = try Socket(context, .router)
        try socket.set(
            .linger(.milliseconds(200)), .routerMandatory(true), .sendHighWaterMark(10_000),
            // More than one turn takes of one client; what is beyond waits on the client's side.
            .receiveHighWaterMark(1_000),
            // A far backstop: libzmq answers a larger frame by cutting the connection, without a word.
            .maximumMessageSize(16 << 20),
            .heartbeat(interval: .seconds(1), timeout: .seconds(5), timeToLive: .seconds(5)),
            .handshakeInterval(.seconds(5)))
        if let gate {
            try gate.guardSocket(socket)
            try gate.prove(socket, peer: .dealer)
        }
    }

    /// Listens at its endpoints from now on.
    func bind() throws {
        monitor = try SocketMonitor(socket, .connections)
        addresses = try endpoints.map { try $0.bind(socket) }
    }

    /// What to poll: readable when a message or a connection has come in.
    var pollItems: [PollItem] {
        [PollItem(.socket(socket), .readable)] + (monitor.map { [$0.pollItem] } ?? [])
    }

    /// The messages that are there, as many as one turn takes.
    func receive(_ connections: ConnectionLimit, at now: Duration) throws(ZeroMQError)
        -> [IncomingMessage]
    {
        let owner = ConnectionTable.Owner(purpose: .commands, asksForKeys: asksForKeys)
        if let monitor { try connections.take(monitor, of: owner, at: now) }
        var messages: [IncomingMessage] = []
        var bytes = 0
        while messages.count < Self.batch, bytes < Self.batchBytes,
            let message = try socket.receiveMessage(wait: false)
        {
            connections.noteCommand(over: message.descriptor, at: now)
            let envelope = Envelope(message.frames)
            bytes += envelope.body.reduce(0) { $0 + $1.count }
            messages.append(
                IncomingMessage(
                    envelope: envelope.address,
                    body: envelope.body.count == 1 ? envelope.body[0] : nil,
                    // Where keys are asked for, a message without a name comes from nobody.
                    caller: asksForKeys ? .key(message.userID ?? "") : .local))
        }
        return messages
    }

    /// Sends `reply`.
    ///
    /// A client that has gone, or that does not read, loses it.
    func send(_ reply: OutgoingMessage) { replies.send(reply, over: socket) }

    func close() {
        monitor?.close()
        socket.close()
    }
}
