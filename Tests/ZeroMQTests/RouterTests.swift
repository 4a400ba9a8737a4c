import Testing
import ZeroMQ

@Suite struct RouterTests {
    @Test("A message to a peer that never was is refused, and nothing is left of it")
    func unknownPeer() throws {
        let wire = try Wire(.routerMandatory(true))
        let error = #expect(throws: ZeroMQError.self) {
            try wire.router.send([bytes("nobody"), [], bytes("{}")])
        }
        #expect(error?.peerUnknown == true)
        #expect(error?.description.hasPrefix("send: ") == true)
        try expectEcho(wire)
    }

    @Test("A message to a peer that is gone is refused, and the others are served")
    func vanishedPeer() throws {
        let wire = try Wire(.routerMandatory(true))
        let dealer = try wire.peer(.dealer)
        try dealer.send([bytes("hello")])
        let envelope = Envelope(try #require(try wire.router.receive()))
        dealer.close()
        var items = [PollItem(.socket(wire.router), .readable)]
        var last: ZeroMQError?
        let isRefused = try eventually {
            _ = try poll(&items, timeout: .milliseconds(5))
            do throws(ZeroMQError) {
                try wire.router.send(envelope.reply([1]))
            } catch {
                last = error
            }
            return last != nil
        }
        #expect(isRefused)
        #expect(last?.peerUnknown == true)
        try expectEcho(wire)
    }

    @Test("Without the option a message to nobody is dropped in silence")
    func notMandatory() throws {
        let wire = try Wire()
        #expect(try wire.router.send([bytes("nobody"), [], bytes("{}")]))
        try expectEcho(wire)
    }

    @Test("A peer that takes nothing makes a send say so; later it gets all that was taken, whole")
    func fullPeer() throws {
        let wire = try Wire(.routerMandatory(true), .sendHighWaterMark(5), at: "inproc://full")
        let dealer = try wire.peer(.dealer, .receiveHighWaterMark(5))
        try dealer.send([bytes("hello")])
        let envelope = Envelope(try #require(try wire.router.receive()))
        var sent: [[UInt8]] = []
        while try wire.router.send(envelope.address + [[], [UInt8(sent.count)]], wait: false) {
            sent.append([UInt8(sent.count)])
        }
        #expect(sent.count == 10)
        for body in sent { #expect(try dealer.receive() == [[], body]) }
        #expect(try dealer.receive(wait: false) == nil)
        // The peer's new room is noticed at the next look at the socket's inner mail.
        var items = [PollItem(.socket(wire.router), .readable)]
        let hasRoom = try eventually {
            _ = try poll(&items, timeout: .milliseconds(1))
            return try wire.router.send(envelope.reply([99]), wait: false)
        }
        #expect(hasRoom)
        #expect(try dealer.receive() == [[99]])
    }

    @Test("A frame over the limit never arrives, and the peer comes back")
    func tooLarge() throws {
        let wire = try Wire(.maximumMessageSize(1000))
        let dealer = try wire.peer(.dealer)
        try dealer.send([[UInt8](repeating: 0x61, count: 1001)])
        // What is sent before the connection breaks is lost with it.
        var items = [PollItem(.socket(wire.router), .readable)]
        let isBack = try eventually {
            try dealer.send([[UInt8](repeating: 0x62, count: 1000)])
            return try poll(&items, timeout: .milliseconds(20)) > 0
        }
        #expect(isBack)
        let frames = try #require(try wire.router.receive())
        #expect(frames.last == [UInt8](repeating: 0x62, count: 1000))
    }

    @Test("Nothing lingers unless asked for; with linger a last message still arrives")
    func linger() throws {
        let wire = try Wire()
        let dealer = try wire.peer(.dealer, .linger(Wire.patience))
        try dealer.send([bytes("last words")])
        dealer.close()
        #expect(try wire.router.receive()?.last == bytes("last words"))
        let lost = try Socket(wire.context, .dealer)
        try lost.connect("tcp://127.0.0.1:1")
        try lost.send([bytes("to nobody")])
        lost.close()
        wire.router.close()
        wire.context.terminate()
    }

    private func expectEcho(_ wire: Wire) throws {
        let request = try wire.peer(.request)
        try request.send([bytes("still there?")])
        try wire.answerOne()
        #expect(try request.receive() == [bytes("1:still there?")])
    }
}
