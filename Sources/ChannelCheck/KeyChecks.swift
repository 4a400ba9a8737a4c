import ChannelKit
import JSONLines

/// Keys that come again, and what became of them.
extension Check {
    static let keys = [
        Check(
            "key-in-batch", .sending, "It answers a key that comes twice in one write alike.",
            mend: "Look a key up among those that are on their way too, and let the second wait.",
            need: .message
        ) { subject throws(Verdict) in
            try requireKeys(subject)
            if try subject.window() < 2 { throw .skipped("It takes one message at a time.") }
            let message = try subject.message()
            let answers = try subject.send([message, message], on: try subject.ready())
            try compare(answers[0], answers[1])
        },
        Check(
            "key-later", .sending, "It answers a key that comes again later alike.",
            mend: "Remember each key with its outcome before you answer.", need: .message
        ) { subject throws(Verdict) in
            try requireKeys(subject)
            var message = try subject.message()
            let first = try subject.send(message, "a message")
            message["attempt"] = 2
            try compare(first, try subject.send(message, "the same message again"))
        },
    ]

    static let query = [
        Check(
            "query-known", .query, "It tells what became of a message.",
            mend: "Answer the outcome that is remembered for the key.", need: .message
        ) { subject throws(Verdict) in
            try requireQuery(subject)
            let message = try subject.message()
            let sent = try subject.send(message, "a message")
            guard sent.went else { throw .skipped("The message did not go: \(sent.text).") }
            let (answer, session) = try ask(subject, message["key"] ?? .null)
            if answer["outcome"] == "not_found" {
                throw .failed(
                    "It answered not_found for a message that it had answered \(sent.text).")
            }
            let told = try session.outcome(of: answer["id"] ?? .null)
            try compare(sent, told)
        },
        Check(
            "query-unknown", .query, "It tells that a message never came.",
            mend: "Answer {\"outcome\": \"not_found\"}, and only where the key surely never came.",
            need: .configuration
        ) { subject throws(Verdict) in
            try requireQuery(subject)
            let (answer, _) = try ask(subject, .string(subject.newKey()))
            if answer["outcome"] == "not_found" { return }
            throw .failed("It answered \(answer.text)")
        },
    ]

    static func requireKeys(_ subject: Subject) throws(Verdict) {
        if try subject.manifest().dedupe == .none {
            throw .skipped("Its manifest says that it tells no repeated key.")
        }
    }

    /// A repeated key has to be answered as it was at first.
    static func compare(_ first: SendAnswer, _ again: SendAnswer) throws(Verdict) {
        if first.allows(again) { return }
        throw .failed("It answered \(first.text) first and \(again.text) then.")
    }

    private static func requireQuery(_ subject: Subject) throws(Verdict) {
        if try !subject.manifest().query {
            throw .skipped("Its manifest says that it answers no query.")
        }
    }

    private static func ask(_ subject: Subject, _ key: JSON) throws(Verdict) -> (
        answer: JSON, session: Session
    ) {
        let session = try subject.ready()
        let id = session.ask("query", ["key": key])
        return (
            try session.answer(to: id, within: subject.options.limits.answer, "a query"), session
        )
    }
}
