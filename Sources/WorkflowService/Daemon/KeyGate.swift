import Logging
import ZeroMQ

/// Stands before every endpoint that asks for keys, and lets in whose key is registered.
final class KeyGate {
    /// The service's own pair.
    let keys: CurveKeyPair
    private let context: Context
    private let authenticator: Authenticator
    private let log: Logger
    private var refused = 0
    private var lastLogged: ContinuousClock.Instant?

    /// One domain for all: what a client may do is decided at each command, by its role.
    private static let domain = "workflows"

    init(_ context: Context, keys: CurveKeyPair, log: Logger) throws(ZeroMQError) {
        self.context = context
        self.keys = keys
        self.log = log
        authenticator = try Authenticator(context)
    }

    /// What to poll: readable when a handshake waits.
    var pollItem: PollItem { authenticator.pollItem }

    /// Makes `socket` ask for keys wherever it binds from now on.
    func guardSocket(_ socket: Socket) throws(ZeroMQError) {
        try socket.set(.curveServer(keys), .zapDomain(KeyGate.domain))
    }

    /// Answers the handshakes that wait; a key that cannot be looked up is not let in.
    func answer(isRegistered: (String) throws -> Bool) throws(ZeroMQError) {
        try authenticator.answer { key in
            do {
                if try isRegistered(key.text) { return .accept(userID: key.text) }
                noteRefusal(of: key)
                return .refuse
            } catch {
                log.error("A key could not be looked up", metadata: ["error": "\(error)"])
                return .unable
            }
        }
    }

    func close() { authenticator.close() }

    /// Tells the operator, who may want to register the key; once a second at most, as anybody can knock.
    private func noteRefusal(of key: CurveKey) {
        refused += 1
        let now = ContinuousClock.now
        guard lastLogged.map({ now - $0 >= .seconds(1) }) ?? true else { return }
        log.notice(
            "A connection was refused: its key is not registered",
            metadata: ["public_key": "\(key.text)", "refused": "\(refused)"])
        lastLogged = now
        refused = 0
    }
}

extension KeyGate {
    /// Proves with two throw-away keys and real handshakes that `socket` takes in whom the gate knows
    /// and refuses whom it does not.
    ///
    /// libzmq lets everybody in where it finds no handler or an option is not honoured, so this is
    /// tried at each start. On return the socket is bound to nothing.
    ///
    /// - Parameter peer: the kind of socket that connects to it.
    /// - Throws: ``StartError/keysNotChecked``.
    func prove(_ socket: Socket, peer: Socket.Kind) throws {
        let known = try CurveKeyPair()
        try socket.bind("tcp://127.0.0.1:*")
        let address = socket.lastEndpoint
        let stranger = try knock(at: address, peer, with: try CurveKeyPair(), known: known)
        let friend = try knock(at: address, peer, with: known, known: known)
        try socket.unbind(address)
        guard stranger == .handshakeRefused(status: 400), friend == .handshakeSucceeded else {
            throw StartError.keysNotChecked
        }
    }

    /// What comes of a handshake with `own`, when only `known` is registered.
    private func knock(
        at address: String, _ peer: Socket.Kind, with own: CurveKeyPair, known: CurveKeyPair
    ) throws(ZeroMQError) -> SocketMonitor.Event? {
        let socket = try Socket(context, peer)
        defer { socket.close() }
        let monitor = try SocketMonitor(socket, .handshakes)
        try socket.set(.curveClient(own, server: keys.publicKey))
        try socket.connect(address)
        let end = ContinuousClock.now + KeyGate.longestProof
        while ContinuousClock.now < end {
            if let event = try monitor.next() { return event }
            var items = [authenticator.pollItem, monitor.pollItem]
            _ = try poll(&items, timeout: ContinuousClock.now.duration(to: end))
            try authenticator.answer { $0 == known.publicKey ? .accept(userID: "proof") : .refuse }
        }
        return nil
    }

    /// A handshake takes some milliseconds, and much longer on a busy machine: one that is starved must
    /// not be taken for one that lets everybody in.
    private static let longestProof = Duration.seconds(60)
}
