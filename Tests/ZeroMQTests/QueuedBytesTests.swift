import Testing
import ZeroMQ

@Suite struct QueuedBytesTests {
    private let body = [UInt8](repeating: 7, count: 100_000)

    @Test("What a peer has not taken is counted until it is taken")
    func takenLater() throws {
        let wire = try Wire(.routerMandatory(true), .sendHighWaterMark(5), at: "inproc://counted")
        let dealer = try wire.peer(.dealer, .receiveHighWaterMark(5))
        try dealer.send([bytes("hello")])
        let envelope = Envelope(try #require(try wire.router.receive()))
        let queue = QueuedBytes()
        var sent = 0
        while try wire.router.send(
            envelope.address + [[], body], wait: false, countedBy: queue)
        { sent += 1 }
        #expect(sent == 10)
        #expect(queue.count >= 10 * body.count)
        // The one that found no room counts no more.
        #expect(queue.count < 11 * body.count)
        for _ in 0..<sent { #expect(try dealer.receive() == [[], body]) }
        // The peer holds on to the last one until the next comes.
        #expect(queue.count < 2 * body.count)
    }

    @Test("What was for a peer that has gone counts no more")
    func peerGone() throws {
        let wire = try Wire(.routerMandatory(true))
        let dealer = try wire.peer(.dealer, .receiveHighWaterMark(1))
        try dealer.send([bytes("hello")])
        let envelope = Envelope(try #require(try wire.router.receive()))
        let queue = QueuedBytes()
        for _ in 0..<200 {
            try wire.router.send(envelope.address + [[], body], wait: false, countedBy: queue)
        }
        #expect(queue.count > 10 * body.count)
        dealer.close()
        var items = [PollItem(.socket(wire.router), .readable)]
        let isGone = try eventually {
            _ = try poll(&items, timeout: .milliseconds(5))
            return queue.count == 0
        }
        #expect(isGone)
    }

    @Test("What nobody knows counts nothing")
    func unknownPeer() throws {
        let wire = try Wire(.routerMandatory(true))
        let queue = QueuedBytes()
        #expect(throws: ZeroMQError.self) {
            try wire.router.send([bytes("nobody"), [], body], countedBy: queue)
        }
        #expect(queue.count == 0)
    }
}
