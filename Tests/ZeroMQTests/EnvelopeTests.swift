import Testing
import ZeroMQ

@Suite struct EnvelopeTests {
    /// What a dealer can send, and how much of it is the way back.
    struct Shape: CustomTestStringConvertible, Sendable {
        let frames: [[UInt8]]
        let addressed: Int
        var testDescription: String { "\(frames.map(\.count)) bytes" }

        init(_ addressed: Int, _ frames: [UInt8]...) {
            self.frames = frames
            self.addressed = addressed
        }
    }

    static let shapes = [
        Shape(1, [], bytes("{}")),
        Shape(0, bytes("{}")),
        Shape(1, []),
        Shape(1, [], []),
        Shape(1, [], [], []),
        Shape(1, [], [], bytes("{}")),
        Shape(2, [1, 2, 3, 4], [], bytes("{}")),
        Shape(2, bytes("{}"), []),
        Shape(3, bytes("a"), bytes("b"), [], bytes("{}")),
        Shape(1, [], bytes("a"), bytes("b")),
        Shape(1, [], bytes("a"), [], bytes("b")),
        Shape(0, bytes("a"), bytes("b"), bytes("c")),
        Shape(0, [0]),
        Shape(0, [0xFF, 0xFE, 0x00, 0x0A]),
        Shape(1, [], [UInt8](repeating: 0x20, count: 300_000)),
    ]

    @Test("A dealer gets one reply to each shape, behind the address it wrote", arguments: shapes)
    func dealerShapes(_ shape: Shape) throws {
        let wire = try Wire(.routerMandatory(true))
        let dealer = try wire.peer(.dealer)
        try dealer.send(shape.frames)
        let envelope = try #require(try wire.answerOne())
        #expect(envelope.address.count == shape.addressed + 1)
        #expect(envelope.body == Array(shape.frames.dropFirst(shape.addressed)))
        let reply = try #require(try dealer.receive())
        #expect(Array(reply.dropLast()) == Array(shape.frames.prefix(shape.addressed)))
        #expect(reply.last?.starts(with: bytes("\(envelope.body.count):")) == true)
        #expect(try dealer.receive(wait: false) == nil)
    }

    @Test("A dealer's message of 1,000 frames comes and is answered whole")
    func manyFrames() throws {
        let wire = try Wire()
        let dealer = try wire.peer(.dealer)
        let frames = (1...1000).map { bytes("frame \($0)") }
        try dealer.send(frames)
        #expect(try wire.answerOne()?.body == frames)
        #expect(try dealer.receive() == [bytes("1000:frame 1000")])
    }

    @Test(
        "A request socket survives every shape, and goes on",
        arguments: [[bytes("{}")], [[]], [[], []], [bytes("a"), bytes("b")], [bytes("a"), []]])
    func requestShapes(_ frames: [[UInt8]]) throws {
        let wire = try Wire()
        for isCorrelated in [false, true] {
            let request = try wire.peer(.request, .requestCorrelate(isCorrelated))
            for _ in 1...3 {
                try request.send(frames)
                let envelope = try #require(try wire.answerOne())
                #expect(envelope.address.count == (isCorrelated ? 3 : 2))
                #expect(envelope.body == frames)
                let answer = bytes("\(frames.count):") + (frames.last ?? [])
                #expect(try request.receive() == [answer])
            }
        }
    }

    @Test("A correlated, relaxed request passes over the reply to the one before")
    func staleReply() throws {
        let wire = try Wire()
        let request = try wire.peer(.request, .requestRelaxed(true), .requestCorrelate(true))
        try request.send([bytes("first")])
        let first = Envelope(try #require(try wire.router.receive()))
        try request.send([bytes("second")])
        let second = Envelope(try #require(try wire.router.receive()))
        #expect(first.address[1].count == 4)
        #expect(first.address[1] != second.address[1])
        try wire.router.send(first.reply(bytes("stale")))
        try wire.router.send(second.reply(bytes("fresh")))
        #expect(try request.receive() == [bytes("fresh")])
    }

    @Test("A second request before the reply is a wrong state")
    func wrongState() throws {
        let wire = try Wire()
        let request = try wire.peer(.request)
        try request.send([bytes("first")])
        let error = #expect(throws: ZeroMQError.self) { try request.send([bytes("second")]) }
        #expect(error?.wrongState == true)
    }
}
