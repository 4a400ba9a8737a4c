import ChannelKit
import JSONLines

/// Messages, one by one and many at once.
extension Check {
    static let sending = [
        Check(
            "send", .sending, "It answers a message with an outcome.",
            mend: "Answer accepted, sent, delivered, failed with a failure, or unknown.",
            need: .message
        ) { subject throws(Verdict) in
            let limit = try subject.sendLimit() * patience
            let answer = try subject.send(try subject.message(), "a message", within: limit)
            guard case .failed(let failure) = answer, failure.kind == .config else { return }
            throw .failed("It says that its account is at fault: \(failure.reason)")
        },
        Check(
            "send-in-time", .sending, "It answers within the send_timeout_ms of its manifest.",
            mend: "Give up earlier and answer unknown, or promise more time.",
            need: .message, body: inTime),
        Check(
            "send-window", .sending, "It answers max_inflight messages of one write once each.",
            mend: "Take as many as the manifest says, or say less.", need: .message
        ) { subject throws(Verdict) in
            try subject.send(try subject.messages(try subject.window()), on: try subject.ready())
        },
        Check(
            "send-unicode", .sending, "It takes text of any script.",
            mend: "Read and write UTF-8; cut lines at LF alone, and let a JSON library unescape.",
            need: .message, body: anyScript),
        Check(
            "send-long", .sending, "It answers a text of 100 kB.",
            mend:
                "Let lines be longer than one read; answer failed, permanent, where it is too much.",
            need: .message
        ) { subject throws(Verdict) in
            let text = String(repeating: "0123456789", count: 10_000)
            try subject.send(try subject.message(text), "a text of 100 kB")
        },
        Check(
            "send-new-content", .sending, "It takes content members that it does not know.",
            mend: "Use the texts you know and leave the rest.", need: .message
        ) { subject throws(Verdict) in
            var message = try subject.message()
            var content = message["content"]?.object ?? [:]
            content["check_of_a_new_member"] = "something"
            message["content"] = .object(content)
            try subject.send(message, "a message with an unknown content member")
        },
        Check(
            "send-late", .sending, "It sends nothing behind not_after.",
            mend: "Compare not_after with at, plus the time since; answer failed, permanent.",
            need: .message
        ) { subject throws(Verdict) in
            var message = try subject.message()
            message["not_after"] = .string(Subject.time(-3_600))
            try expectPermanent(
                try subject.send(message, "a message whose not_after is over"))
        },
        Check(
            "send-no-address", .sending, "It answers a message without an address.",
            mend: "Look whether to is there; answer failed, permanent.",
            need: .message, body: withoutAddress),
        Check(
            "drain-after-sends", .sending, "It answers drain behind the messages before it.",
            mend: "Count the messages that have no answer yet; answer drain when there are none.",
            need: .message, body: drainLast),
    ]

    /// An answer that is late is another fault than none, so these wait longer than they may have to.
    private static let patience = 4

    private static func inTime(_ subject: Subject) throws(Verdict) {
        let session = try subject.ready()
        let limit = try subject.sendLimit()
        let began = ContinuousClock.now
        let id = session.ask("send", try subject.message())
        _ = try session.answer(to: id, within: limit * patience, "a message")
        let time = ContinuousClock.now - began
        if time > limit {
            throw .failed(
                "It took \(Quote.seconds(time)), and promises \(Quote.seconds(limit)).")
        }
    }

    private static func anyScript(_ subject: Subject) throws(Verdict) {
        let texts = [
            "Grüße, çok güzel, здравствуйте, 世界", "👋🏽 👩‍👩‍👧‍👦 🇧🇷", "שלום עולם، مرحبا بالعالم",
            "a line\u{2028}separator and a paragraph\u{2029}separator",
            "\"quoted\" and \\ 'quoted'",
            "two\nlines\r\nand a\ttab", "nothing \u{0} and \u{7F}",
        ]
        for (number, text) in texts.enumerated() {
            try subject.send(try subject.message(text), "text number \(number + 1)")
        }
    }

    private static func withoutAddress(_ subject: Subject) throws(Verdict) {
        if case .staff = try subject.manifest().address {
            throw .skipped("Its messages have no address.")
        }
        var message = try subject.message()
        message["to"] = Optional<JSON>.none
        try expectPermanent(try subject.send(message, "a message without to"))
    }

    private static func expectPermanent(_ answer: SendAnswer) throws(Verdict) {
        if case .failed(let failure) = answer, failure.kind == .permanent { return }
        throw .failed("It answered \(answer.text), not failed, permanent.")
    }

    private static func drainLast(_ subject: Subject) throws(Verdict) {
        let session = try subject.ready()
        let messages = try subject.messages(min(8, try subject.window()))
        let sends = messages.map { session.request("send", $0) }
        let drain = session.request("drain")
        session.write(sends.flatMap(\.line) + drain.line)
        _ = try session.answer(to: drain.id, within: try subject.sendLimit(), "drain")
        let order = session.record.order(of: drain.id) ?? 0
        let late = sends.count { (session.record.order(of: $0.id) ?? .max) > order }
        if late > 0 {
            throw .failed("\(late) of \(sends.count) messages before it had no answer yet.")
        }
    }
}
