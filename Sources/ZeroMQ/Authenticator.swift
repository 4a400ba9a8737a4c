/// Decides whose CURVE handshakes succeed: the handler of the ZAP protocol (RFC 27 of
/// rfc.zeromq.org) for all sockets of a context.
///
/// libzmq's own thread asks at each handshake, and the connection waits for the answer. It asks once:
/// a key that is refused later stays connected, so what arrives over it has to be checked by itself.
/// Like every socket the handler belongs to one thread.
public final class Authenticator {
    /// Where libzmq looks for the handler.
    private static let endpoint = "inproc://zeromq.zap.01"
    private let socket: Socket

    /// What becomes of a handshake.
    public enum Decision: Hashable, Sendable {
        /// The connection is made; each of its messages carries this name, see ``ReceivedMessage``.
        case accept(userID: String)
        /// The connection is refused, and the peer told so; libzmq gives up there.
        case refuse
        /// The key cannot be checked now.
        ///
        /// The connection is cut after the ``SocketOption/handshakeInterval(_:)``, and the peer tries again.
        case unable
    }

    /// The handler of `context`, which has no other.
    /// - Throws: ``ZeroMQError/addressInUse`` where it has one.
    public init(_ context: Context) throws(ZeroMQError) {
        socket = try Socket(context, .router)
        try socket.bind(Authenticator.endpoint)
    }

    /// What to poll: readable when a handshake waits.
    public var pollItem: PollItem { PollItem(.socket(socket), .readable) }

    /// Answers every handshake that waits.
    ///
    /// What is no question about a CURVE key is refused.
    public func answer(_ decide: (CurveKey) -> Decision) throws(ZeroMQError) {
        while let frames = try socket.receive(wait: false) {
            let envelope = Envelope(frames)
            guard envelope.body.count >= 2 else { continue }
            let decision = Authenticator.key(envelope.body).map(decide) ?? .refuse
            try socket.send(envelope.address + decision.reply(to: envelope.body))
        }
    }

    /// Ends the handler: from now on every handshake fails.
    public func close() { socket.close() }

    /// The key in a request of version, number, domain, address, routing id, mechanism, credentials.
    private static func key(_ request: [[UInt8]]) -> CurveKey? {
        guard request.count == 7, request[0] == Array("1.0".utf8),
            request[5] == Array("CURVE".utf8)
        else { return nil }
        return CurveKey(bytes: request[6])
    }
}

extension Authenticator.Decision {
    fileprivate func reply(to request: [[UInt8]]) -> [[UInt8]] {
        let (code, text, user) =
            switch self {
            case .accept(let userID): ("200", "OK", userID)
            case .refuse: ("400", "Not registered", "")
            case .unable: ("300", "Cannot be checked now", "")
            }
        let words = [code, text, user].map { Array($0.utf8) }
        return [request[0], request[1]] + words + [[]]
    }
}
