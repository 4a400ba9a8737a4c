import Testing

@testable import HTTPListener

@Suite("Connections of a listener")
struct ConnectionStatesTests {
    private static func states(_ connections: Int) -> ConnectionStates {
        var limits = HTTPListener.Limits()
        limits.connections = connections
        limits.request = .seconds(15)
        limits.silence = .seconds(75)
        limits.response = .seconds(60)
        return ConnectionStates(limits)
    }

    @Test func aRequestIsTimedAsAWholeHoweverItsBytesCome() {
        var states = Self.states(8)
        #expect(states.open(3, at: .seconds(0)) == nil)
        states.enter(.reading, 3, at: .seconds(14))
        #expect(states.nextDeadline == .seconds(15))
        #expect(states.takeOverdue(at: .seconds(14)) == [])
        #expect(states.takeOverdue(at: .seconds(15)) == [3])
        #expect(states.takeOverdue(at: .seconds(16)) == [])
    }

    @Test func aHandlerMayWait() {
        var states = Self.states(8)
        _ = states.open(3, at: .zero)
        states.enter(.handling, 3, at: .seconds(1))
        #expect(states.nextDeadline == nil)
        states.enter(.answering, 3, at: .seconds(61))
        #expect(states.nextDeadline == .seconds(121))
        states.enter(.idle, 3, at: .seconds(62))
        #expect(states.nextDeadline == .seconds(137))
    }

    @Test func whoIsIdleGoesFirstThenWhoSendsForLongest() {
        var states = Self.states(4)
        for descriptor: Int32 in 1...4 {
            _ = states.open(descriptor, at: .seconds(Int(descriptor)))
        }
        states.enter(.handling, 1, at: .seconds(5))
        states.enter(.answering, 2, at: .seconds(5))
        states.enter(.handling, 4, at: .seconds(5))
        states.enter(.idle, 4, at: .seconds(6))
        #expect(states.open(5, at: .seconds(7)) == 4)
        #expect(states.open(6, at: .seconds(7)) == 3)
        states.enter(.handling, 5, at: .seconds(8))
        states.enter(.handling, 6, at: .seconds(8))
        #expect(states.open(7, at: .seconds(9)) == 2)
        states.enter(.handling, 7, at: .seconds(9))
        #expect(states.open(8, at: .seconds(9)) == 8)
        states.close(7)
        #expect(states.open(9, at: .seconds(9)) == nil)
    }
}

@Suite("Heads of requests")
struct RequestHeadTests {
    private static func fault(
        _ fields: [(String, String)], target: String = "/", version: String = "HTTP/1.1"
    ) -> String? {
        RequestHead(target: target, version: version, fields: fields.map { ($0.0, $0.1) }).fault
    }

    @Test(arguments: [
        [("Host", "a"), ("host", "a")], [("Content-Length", "1"), ("Content-Length", "1")],
        [("Content-Length", "1"), ("Transfer-Encoding", "chunked")],
        [("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")],
        [("Transfer-Encoding", "gzip, chunked")], [("Transfer-Encoding", "identity")],
        [("Transfer-Encoding", "")], [("Content-Length", "+1")], [("Content-Length", "1, 1")],
        [("Content-Length", "")], [("Content-Length", "0x1")],
        [("Origin", "http://a"), ("Origin", "http://b")],
        [("Content-Type", "a/b"), ("Content-Type", "c/d")], [("X", "a\u{1}")],
        [("Transfer-Encoding ", "chunked")], [("Host\t", "a")], [("", "a")], [("Hóst", "a")],
        [("Host", "a, a")], [("Host", "a b")],
    ])
    func thatCanBeUnderstoodInTwoWaysAreRefused(_ fields: [(String, String)]) {
        #expect(Self.fault(fields) != nil)
    }

    @Test func aChunkedBodyNeedsTheNewerProtocol() {
        #expect(Self.fault([("Transfer-Encoding", "Chunked ")]) == nil)
        #expect(Self.fault([("Transfer-Encoding", "chunked")], version: "HTTP/1.0") != nil)
    }

    @Test func othersMayBeRepeated() {
        let head = RequestHead(
            target: "/", version: "HTTP/1.1",
            fields: [("Host", " a "), ("Accept", "x/y"), ("ACCEPT", "z")])
        #expect(head.fault == nil)
        #expect(head.fields == ["host": "a", "accept": "x/y, z"])
    }

    @Test(arguments: [
        ("http://b/c?d", "b", "/c?d"), ("HTTP://b", "b", "/"), ("http://b:1?x", "b:1", "/?x"),
        ("/c", "a", "/c"), ("*", "a", "*"),
    ])
    func theTargetMayNameItsHost(_ target: String, _ host: String, _ path: String) {
        let head = RequestHead(target: target, version: "HTTP/1.1", fields: [("Host", "a")])
        #expect(head.fault == nil)
        #expect(head.fields["host"] == host)
        #expect(head.target == path)
        #expect(Self.fault([], target: "c:80") != nil)
    }
}
