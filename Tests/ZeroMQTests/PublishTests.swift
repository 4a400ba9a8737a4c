import Testing
import ZeroMQ

@Suite struct PublishTests {
    @Test("A subscriber gets what its prefixes match, in order, and nothing else")
    func prefixes() throws {
        let (publisher, subscribers) = try feed(prefixes: [["message.", "flag.raised"], [""]])
        let topics = [
            "message.sent", "message", "messages.sent", "step.executed", "flag.raised",
            "flag.cleared", "message.",
        ]
        for topic in topics { try publisher.send([bytes(topic), bytes("{}")]) }
        let matching = ["message.sent", "flag.raised", "message."]
        for topic in matching {
            #expect(try subscribers[0].receive() == [bytes(topic), bytes("{}")])
        }
        for topic in topics {
            #expect(try subscribers[1].receive() == [bytes(topic), bytes("{}")])
        }
        for subscriber in subscribers { #expect(try subscriber.receive(wait: false) == nil) }
    }

    @Test("A publisher never waits for a subscriber that does not read")
    func slowSubscriber() throws {
        let (publisher, subscribers) = try feed(prefixes: [[""]])
        let event = [bytes("message.sent"), [UInt8](repeating: 0x20, count: 1000)]
        for _ in 1...20_000 { #expect(try publisher.send(event)) }
        // Most were dropped, so that there is room again for one behind all that were kept.
        var received = 0
        let last = [bytes("last"), bytes("one")]
        try subscribers[0].set(.receiveTimeout(.milliseconds(5)))
        let isOver = try eventually {
            try publisher.send(last)
            while let message = try subscribers[0].receive() {
                if message == last { return true }
                received += 1
            }
            return false
        }
        #expect(isOver)
        #expect((1..<20_000).contains(received))
    }

    /// A publisher, and a subscriber for each list of `prefixes` whose subscriptions have arrived.
    private func feed(prefixes: [[String]]) throws -> (Socket, [Socket]) {
        let context = Context()
        let publisher = try Socket(context, .publish)
        try publisher.set(.sendHighWaterMark(100))
        try publisher.bind("tcp://127.0.0.1:*")
        let subscribers = try prefixes.map { prefixes in
            let subscriber = try Socket(context, .subscribe)
            try subscriber.set(.receiveTimeout(Wire.patience), .receiveHighWaterMark(100))
            for prefix in prefixes { try subscriber.set(.subscribe(prefix: prefix)) }
            try subscriber.connect(publisher.lastEndpoint)
            return subscriber
        }
        for (subscriber, prefixes) in zip(subscribers, prefixes) {
            try meet(publisher, subscriber, prefixes)
        }
        let end = bytes("end of probes")
        try publisher.send([bytes("message."), end])
        for subscriber in subscribers {
            while try #require(try subscriber.receive()).last != end {}
        }
        return (publisher, subscribers)
    }

    private func meet(_ publisher: Socket, _ subscriber: Socket, _ prefixes: [String]) throws {
        var items = [PollItem(.socket(subscriber), .readable)]
        for prefix in prefixes {
            let isHeard = try eventually {
                try publisher.send([bytes(prefix), bytes("probe")])
                return try poll(&items, timeout: .milliseconds(5)) > 0
            }
            try #require(isHeard)
            while try subscriber.receive(wait: false) != nil {}
        }
    }
}
