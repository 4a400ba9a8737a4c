import Testing
import ZeroMQ

/// Who is let in by CURVE, with real handshakes.
@Suite struct AuthenticatorTests {
    let context = Context()
    let server: CurveKeyPair
    let router: Socket

    init() throws {
        server = try CurveKeyPair()
        router = try Socket(context, .router)
        try router.set(.curveServer(server), .zapDomain("test"), .receiveTimeout(Wire.patience))
    }

    @Test("A key that is accepted gets through, and its messages carry the name it was given")
    func accepted() throws {
        let authenticator = try Authenticator(context)
        let (peer, monitor) = try connect(try CurveKeyPair())
        #expect(
            try answer(authenticator, monitor) { _ in .accept(userID: "ann") }
                == .handshakeSucceeded)
        try peer.send([[], bytes("{}")])
        let message = try #require(try router.receiveMessage())
        #expect(message.userID == "ann")
        #expect(message.frames.last == bytes("{}"))
    }

    @Test("A key that is refused gets nothing through, and hears why")
    func refused() throws {
        let authenticator = try Authenticator(context)
        let pair = try CurveKeyPair()
        let (peer, monitor) = try connect(pair)
        try peer.send([[], bytes("{}")])
        var asked: [CurveKey] = []
        let event = try answer(authenticator, monitor) { key in
            asked.append(key)
            return .refuse
        }
        #expect(event == .handshakeRefused(status: 400))
        #expect(asked == [pair.publicKey])
        #expect(try router.receive(wait: false) == nil)
        peer.close()
    }

    @Test("A key that cannot be looked up is not let in, and may try again")
    func unable() throws {
        let authenticator = try Authenticator(context)
        try router.set(.handshakeInterval(.milliseconds(300)))
        let (peer, monitor) = try connect(try CurveKeyPair())
        try peer.send([[], bytes("{}")])
        #expect(try answer(authenticator, monitor) { _ in .unable } == .handshakeBroken)
        // On a busy machine a handshake may take longer than this router waits, and begins anew.
        let isIn = try eventually {
            try answer(authenticator, monitor) { _ in .accept(userID: "x") } == .handshakeSucceeded
        }
        #expect(isIn)
        #expect(try router.receiveMessage()?.userID == "x")
        peer.close()
    }

    @Test("Without an authenticator nobody is let in")
    func nobodyAnswers() throws {
        let (peer, monitor) = try connect(try CurveKeyPair())
        try peer.send([[], bytes("{}")])
        let event = try monitor.next(within: Wire.patience)
        #expect(event != nil && event != .handshakeSucceeded)
        #expect(try router.receive(wait: false) == nil)
        peer.close()
    }

    @Test("After the authenticator has ended nobody is let in")
    func authenticatorEnded() throws {
        let authenticator = try Authenticator(context)
        authenticator.close()
        let (peer, monitor) = try connect(try CurveKeyPair())
        try peer.send([[], bytes("{}")])
        let event = try monitor.next(within: Wire.patience)
        #expect(event != nil && event != .handshakeSucceeded)
        #expect(try router.receive(wait: false) == nil)
        peer.close()
    }

    @Test("A client that expects another server, or shows no key, is cut")
    func strangers() throws {
        let authenticator = try Authenticator(context)
        let lost = try connect(try CurveKeyPair(), server: try CurveKeyPair().publicKey)
        let bare = try connect(nil)
        for (_, monitor) in [lost, bare] {
            let event = try answer(authenticator, monitor) { _ in .accept(userID: "x") }
            #expect(event == .handshakeBroken || event == .mechanismDiffers)
        }
    }

    @Test("One context has one authenticator")
    func second() throws {
        let first = try Authenticator(context)
        let error = #expect(throws: ZeroMQError.self) { try Authenticator(context) }
        #expect(error?.addressInUse == true)
        first.close()
    }

    @Test("A monitor tells when an address is free again")
    func listeners() throws {
        let monitor = try SocketMonitor(router, .connections)
        try router.bind("tcp://127.0.0.1:*")
        let address = router.lastEndpoint
        try router.unbind(address)
        #expect(try monitor.next(within: Wire.patience) == .listenerClosed)
        try Socket(context, .router).bind(address)
    }

    private func connect(_ pair: CurveKeyPair?, server: CurveKey? = nil) throws -> (
        Socket, SocketMonitor
    ) {
        try router.bind("tcp://127.0.0.1:*")
        let peer = try Socket(context, .dealer)
        let monitor = try SocketMonitor(peer, .handshakes)
        if let pair { try peer.set(.curveClient(pair, server: server ?? self.server.publicKey)) }
        try peer.connect(router.lastEndpoint)
        return (peer, monitor)
    }

    /// Serves `authenticator` until `monitor` has something to tell.
    private func answer(
        _ authenticator: Authenticator, _ monitor: SocketMonitor,
        _ decide: (CurveKey) -> Authenticator.Decision
    ) throws -> SocketMonitor.Event? {
        var event: SocketMonitor.Event?
        _ = try eventually {
            event = try monitor.next(within: .milliseconds(2))
            try authenticator.answer(decide)
            return event != nil
        }
        return event
    }
}
