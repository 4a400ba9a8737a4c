import ZeroMQ

/// The PUB socket that broadcasts the feed: its fast copy, which may lose events; `events.read` has all.
final class EventPublisher {
    private let context: Context
    private let gate: KeyGate?
    private var socket: Socket
    private var monitor: SocketMonitor
    /// Where it listens, with the real ports; nowhere before ``bind()``.
    private(set) var addresses: [String] = []
    private let endpoints: [Endpoint]
    /// What subscribers have not taken yet; an event that several wait for counts once.
    private let unread = QueuedBytes()
    /// Bytes of events that wait for slow subscribers.
    ///
    /// What is published beyond is lost to all, who read it with `events.read`. One that does not read at
    /// all is cut before that, unless events are huge.
    private static let unreadBytes = 128 << 20
    /// Where it has to listen again, and cannot yet.
    private var missing: [String] = []

    /// A socket for `endpoints`, all of which ask for keys where there is a `gate`, which is proved.
    init(_ context: Context, endpoints: [Endpoint], gate: KeyGate?) throws {
        self.context = context
        self.gate = gate
        self.endpoints = endpoints
        socket = try EventPublisher.socket(context, gate)
        try gate?.prove(socket, peer: .subscribe)
        monitor = try SocketMonitor(socket, .connections)
    }

    /// Publishes at its endpoints from now on.
    func bind() throws { addresses = try endpoints.map { try $0.bind(socket) } }

    private static func socket(_ context: Context, _ gate: KeyGate?) throws(ZeroMQError) -> Socket {
        let socket = try Socket(context, .publish)
        try socket.set(
            .linger(.milliseconds(200)),
            // Memory that one slow subscriber can hold: some tens of megabytes; then it loses events.
            .sendHighWaterMark(50_000),
            .heartbeat(interval: .seconds(1), timeout: .seconds(5), timeToLive: .seconds(5)),
            .handshakeInterval(.seconds(5)))
        try gate?.guardSocket(socket)
        return socket
    }

    /// Sends `line` under `topic` to all who subscribe to it, those apart whose queue is full.
    func publish(_ topic: [UInt8], _ line: [UInt8]) throws(ZeroMQError) {
        guard unread.count + line.count <= EventPublisher.unreadBytes else { return }
        _ = try socket.send([topic, line], wait: false, countedBy: unread)
    }

    /// Cuts all subscribers, who connect again by themselves and are asked for their keys again.
    ///
    /// On return none of them gets anything more over the old connection, also not what was queued.
    func cutSubscribers(_ connections: ConnectionLimit) throws(ZeroMQError) {
        let closing = addresses.count { (try? socket.unbind($0)) != nil }
        // libzmq closes a listener on its own thread; before that its address is taken, and an ipc path
        // bound again meanwhile would be removed.
        for _ in 0..<closing { try waitForClosing() }
        try socket.set(.linger(.zero))
        close()
        connections.closeAll(of: owner)
        socket = try EventPublisher.socket(context, gate)
        monitor = try SocketMonitor(socket, .connections)
        missing = addresses
        listenAgain()
    }

    private func waitForClosing() throws(ZeroMQError) {
        while let event = try monitor.next(within: EventPublisher.longestClosing) {
            if event == .listenerClosed { return }
        }
    }

    /// Listens again where that failed after ``cutSubscribers()``.
    func listenAgain() {
        missing.removeAll { address in (try? socket.bind(address)) != nil }
    }

    /// A listener closes within a millisecond, unless the machine is very busy.
    private static let longestClosing = Duration.seconds(5)

    /// What to poll: readable when a subscriber has come or gone.
    var pollItem: PollItem { monitor.pollItem }

    /// Takes in who has come and gone.
    func count(_ connections: ConnectionLimit, at now: Duration) throws(ZeroMQError) {
        try connections.take(monitor, of: owner, at: now)
    }

    private var owner: ConnectionTable.Owner {
        ConnectionTable.Owner(purpose: .events, asksForKeys: gate != nil)
    }

    func close() {
        monitor.close()
        socket.close()
    }
}
