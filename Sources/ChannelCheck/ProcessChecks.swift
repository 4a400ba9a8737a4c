import ChannelHost
import ChannelKit
import JSONLines

/// The channel as a process: what it holds, where it works, and how it comes back.
extension Check {
    static let process = [
        Check(
            "own-folder", .process, "It starts in an empty folder of its own.",
            mend: "Look for nothing in the working folder that the channel did not write itself.",
            need: .configuration
        ) { subject throws(Verdict) in
            guard let folder = try? TemporaryFolder() else {
                throw .skipped("No temporary folder can be made.")
            }
            defer { folder.remove() }
            subject.close(try subject.configured(in: folder.path))
        },
        Check(
            "descriptors", .process, "It holds no more descriptors after more work.",
            mend: "Close files and connections, also where a configuration replaces another.",
            need: .configuration, body: descriptors),
        Check(
            "kill-restart", .process, "Killed in the middle of its work, it starts again.",
            mend: "Take a torn last line, an old lock file or socket for what it is, and mend it.",
            need: .configuration, body: restart),
        Check(
            "kill-keys", .process,
            "Killed in the middle of a window, it answers the same keys alike.",
            mend: "Write each key to disk before its answer, and read them back at the start.",
            need: .message, body: keysAfterKill),
    ]

    /// A leak grows with each round; a pool grows to its size and stays.
    private static func descriptors(_ subject: Subject) throws(Verdict) {
        let session = try subject.configured()
        defer { subject.close(session) }
        try work(subject, session)
        var before = try held(session)
        for rounds in [8, 24] {
            for _ in 1...rounds { try work(subject, session) }
            let after = try held(session)
            if after - before < rounds { break }
            if rounds == 24 {
                throw .failed(
                    "It held \(before) of them, and \(after) when all was done \(rounds) times more."
                )
            }
            before = after
        }
    }

    private static func work(_ subject: Subject, _ session: Session) throws(Verdict) {
        try subject.configure(session)
        try session.ping(within: subject.options.limits.answer)
        if subject.sendsWork { try subject.send([try subject.message()], on: session) }
    }

    private static func held(_ session: Session) throws(Verdict) -> Int {
        guard let process = session.child.process,
            let count = ProcessTable.descriptors(of: process)
        else { throw .skipped("The system does not show what it holds.") }
        return count
    }

    private static func restart(_ subject: Subject) throws(Verdict) {
        let session = try subject.configured()
        if subject.sendsWork {
            let messages = try subject.messages(try subject.window())
            session.write(messages.flatMap { session.request("send", $0).line })
        } else {
            session.write((1...100).flatMap { _ in session.request("ping").line })
        }
        subject.kill(session)
        let again = try subject.configured()
        try again.ping(within: subject.options.limits.answer, "a ping of its second start")
        subject.close(again)
    }

    private static func keysAfterKill(_ subject: Subject) throws(Verdict) {
        try requireKeys(subject)
        let messages = try subject.messages(try subject.window())
        let session = try subject.configured()
        let requests = messages.map { session.request("send", $0) }
        session.write(requests.flatMap(\.line))
        let ids = requests.map(\.id)
        _ = session.wait(try subject.sendLimit()) { session in
            2 * ids.count { session.record.answers[$0] != nil } >= ids.count
        }
        subject.kill(session)
        let again = try subject.configured()
        try queryKnown(subject, session, again, zip(messages, ids).map { ($0["key"], $1) })
        let answers = try subject.send(
            messages.map { $0.merging(["attempt": 2]) }, on: again, "messages that came again")
        for (id, answer) in zip(ids, answers) where session.record.answers[id] != nil {
            try compare(try session.outcome(of: id), answer)
        }
        subject.close(again)
    }

    /// What went before the kill is known behind it, where the channel answers queries.
    private static func queryKnown(
        _ subject: Subject, _ killed: Session, _ again: Session,
        _ messages: [(key: JSON?, id: JSON)]
    ) throws(Verdict) {
        guard try subject.manifest().query else { return }
        for (key, id) in messages where killed.record.answers[id] != nil {
            guard try killed.outcome(of: id).went else { continue }
            let asked = again.ask("query", ["key": key ?? .null])
            let answer = try again.answer(
                to: asked, within: subject.options.limits.answer, "a query")
            if answer["outcome"] == "not_found" {
                throw .failed("It answered not_found for a message that it had answered before.")
            }
        }
    }
}
