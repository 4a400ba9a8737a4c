import ChannelKit
import Foundation
import JSONLines

/// The messages of the checks.
extension Subject {
    /// Skips a check where no message may be sent.
    func requireSending() throws(Verdict) {
        if !options.sends { throw .skipped("It would send messages; --send allows it.") }
    }

    /// How many messages are with the channel at once.
    func window() throws(Verdict) -> Int {
        let promised = try manifest().maxInflight
        return min(options.window ?? promised, promised)
    }

    /// How long the answer to a message may take.
    func sendLimit() throws(Verdict) -> Duration {
        let promised = try manifest().sendTimeoutMilliseconds
        return options.limits.send ?? .milliseconds(promised)
    }

    /// The members of a message with a key of its own, which may go for another hour.
    func message(_ text: String = "A message of a channel check.") throws(Verdict) -> JSONObject {
        var message: JSONObject = ["key": .string(newKey()), "attempt": 1]
        if let address = try address() { message["to"] = .string(address) }
        message["content"] = .object(try content(text))
        message["at"] = .string(Subject.time())
        message["not_after"] = .string(Subject.time(3_600))
        message["context"] = [
            "workflow": "channel-check", "step": "check", "enrollment": "en_0", "contact": "check",
        ]
        return message
    }

    /// So many messages.
    func messages(_ count: Int) throws(Verdict) -> [JSONObject] {
        var messages: [JSONObject] = []
        for _ in 0..<count { messages.append(try message()) }
        return messages
    }

    private func address() throws(Verdict) -> String? {
        switch try manifest().address {
        case .staff: nil
        case .contact("email"): options.address ?? "someone@example.invalid"
        case .contact: options.address ?? "+15550100"
        }
    }

    private func content(_ text: String) throws(Verdict) -> JSONObject {
        switch try manifest().address {
        case .staff: ["title": "Channel check", "notes": .string(text)]
        case .contact("email"): ["subject": "Channel check", "text": .string(text)]
        case .contact: ["text": .string(text)]
        }
    }

    /// The time so many seconds from now, by RFC 3339.
    static func time(_ seconds: TimeInterval = 0) -> String {
        Date(timeIntervalSinceNow: seconds).formatted(.iso8601)
    }
}

extension Subject {
    /// Writes `messages` in one piece, and returns what the channel answers to each, in their order.
    @discardableResult
    func send(_ messages: [JSONObject], on session: Session, _ what: String = "messages")
        throws(Verdict) -> [SendAnswer]
    {
        let requests = messages.map { session.request("send", $0) }
        session.write(requests.flatMap(\.line))
        try session.settle(requests.map(\.id), within: sendLimit(), what)
        var answers: [SendAnswer] = []
        for (id, _) in requests { answers.append(try session.outcome(of: id)) }
        return answers
    }

    /// Sends one message on the shared session; `limit` in place of the promised time for its answer.
    @discardableResult
    func send(_ message: JSONObject, _ what: String, within limit: Duration? = nil)
        throws(Verdict) -> SendAnswer
    {
        let session = try ready()
        let id = session.ask("send", message)
        let promised = try sendLimit()
        _ = try session.answer(to: id, within: limit ?? promised, what)
        try session.ping(within: options.limits.answer, "a ping behind \(what)")
        return try session.outcome(of: id)
    }
}

extension Session {
    /// What the answer to message `id` says.
    func outcome(of id: JSON) throws(Verdict) -> SendAnswer {
        let answer = record.answers[id]?.first ?? .null
        do throws(FieldError) {
            return try SendAnswer(members: answer)
        } catch {
            throw .failed(
                "The host cannot read its answer: \(error.path): \(error.message) It is "
                    + answer.text)
        }
    }
}

extension SendAnswer {
    /// Whether the message went, or is on its way.
    var went: Bool {
        switch self {
        case .accepted, .sent, .delivered: true
        case .failed, .unknown: false
        }
    }

    /// What the host does about it, in one word.
    var text: String {
        switch self {
        case .accepted: "accepted"
        case .sent: "sent"
        case .delivered: "delivered"
        case .failed(let failure): "failed, \(failure.kind.rawValue)"
        case .unknown: "unknown"
        }
    }

    /// Whether a repeated key may be answered by `other`: what went stays so, and what will never go too.
    func allows(_ other: SendAnswer) -> Bool {
        switch self {
        case .accepted, .sent, .delivered: other.went
        case .failed(let failure) where failure.kind == .permanent: !other.went
        case .failed, .unknown: true
        }
    }
}
