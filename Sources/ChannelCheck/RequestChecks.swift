import JSONLines

/// Requests that carry no message, and their ids.
extension Check {
    static let requests = [
        Check(
            "ping", .requests, "It answers a ping with ok.",
            mend: "Answer {\"ok\": true} at once, also while messages are on their way.",
            need: .configuration
        ) { subject throws(Verdict) in
            try expectOK(subject, "ping")
        },
        Check(
            "drain", .requests, "It answers drain with ok when nothing is left to do.",
            mend: "Answer {\"ok\": true} once everything that came before is answered.",
            need: .configuration
        ) { subject throws(Verdict) in
            try expectOK(subject, "drain")
        },
        id("id-large", "an id of 2^53-1", .integer(JSON.largestInteger)),
        id("id-text", "an id that is text", "a-1 \u{2713}", weight: .advice),
        Check(
            "unknown-members", .requests, "It ignores members that it does not know.",
            mend: "Read the members you know and leave the rest: hosts may be newer.",
            need: .configuration
        ) { subject throws(Verdict) in
            let news: JSONObject = ["news": ["nested": [1, 2.5, nil]], "priority": 9]
            try expectOK(subject, "ping", news)
        },
        Check(
            "unknown-request", .requests, "It survives a request that it does not know.",
            mend: "Answer {\"ok\": false, \"error\": \"...\"} or nothing, and go on.",
            need: .configuration
        ) { subject throws(Verdict) in
            let session = try subject.ready()
            session.ask("check_of_an_unknown_request")
            try session.ping(within: subject.options.limits.answer, "a ping behind it")
        },
        Check(
            "acknowledge-unknown", .requests,
            "It takes the acknowledgment of a report that it never made, and answers nothing.",
            mend: "Look the event_id up, forget it where it is known, and write nothing.",
            need: .configuration, body: acknowledgement),
        Check(
            "many-requests", .requests, "It answers 1,000 requests of one write once each.",
            mend:
                "Read until there is no more, cut at line ends, and keep what is left for the next read.",
            need: .configuration, body: manyRequests),
    ]

    private static func expectOK(
        _ subject: Subject, _ op: String, _ members: JSONObject = [:], id: JSON? = nil,
        _ what: String? = nil
    ) throws(Verdict) {
        let session = try subject.ready()
        let asked = session.ask(op, members, id: id)
        let answer = try session.answer(
            to: asked, within: subject.options.limits.answer, what ?? "a \(op)")
        if answer["ok"] != true { throw .failed("Its answer is \(answer.text)") }
    }

    private static func id(
        _ name: String, _ what: String, _ value: JSON, weight: Check.Weight = .rule
    ) -> Check {
        Check(
            name, .requests, "It repeats \(what) in the answer.",
            mend: "Keep the id as the JSON value that came, and write it back unchanged.",
            weight: weight, need: .configuration
        ) { subject throws(Verdict) in
            try expectOK(subject, "ping", id: value, "a ping with \(what)")
        }
    }

    private static func acknowledgement(_ subject: Subject) throws(Verdict) {
        let session = try subject.ready()
        let strays = session.record.strays.count
        session.acknowledge("check-never-reported")
        try session.ping(within: subject.options.limits.answer, "a ping behind it")
        guard let stray = session.record.strays.dropFirst(strays).first else { return }
        throw .failed("It wrote \(Quote.stray(stray))")
    }

    private static func manyRequests(_ subject: Subject) throws(Verdict) {
        let session = try subject.ready()
        let requests = (1...1_000).map { _ in session.request("ping") }
        session.write(requests.flatMap(\.line))
        let ids = requests.map(\.id)
        try session.settle(
            ids, within: subject.options.limits.answer, "pings", countsFromEachAnswer: true)
    }
}

extension Session {
    /// Waits until each of `ids` is answered, and then that none is answered twice.
    ///
    /// With `countsFromEachAnswer` the time begins anew with each, so that a slow channel has as long as it needs.
    func settle(
        _ ids: [JSON], within limit: Duration, _ what: String, countsFromEachAnswer: Bool = false
    ) throws(Verdict) {
        let began = ContinuousClock.now
        var first = 0
        var answered = 0
        let isDone = { (session: Session) in
            while first < ids.count, session.record.answers[ids[first]] != nil { first += 1 }
            return first == ids.count || session.isOutputClosed
        }
        repeat {
            answered = record.answered
            _ = wait(limit) { session in
                isDone(session) || (countsFromEachAnswer && session.record.answered != answered)
            }
        } while countsFromEachAnswer && !isDone(self) && record.answered != answered
        let missing = ids.filter { record.answers[$0] == nil }
        guard missing.isEmpty else {
            let time = Quote.seconds(ContinuousClock.now - began)
            let count = "\(ids.count - missing.count) of them were answered in \(time)."
            throw .failed(
                "\(silence("\(missing.count) of \(ids.count) \(what)", limit)) \(count)")
        }
        try ping(within: limit, "a ping behind \(ids.count) \(what)")
        let doubled = ids.filter { record.answers[$0, default: []].count > 1 }
        guard doubled.isEmpty else {
            throw .failed("It answered \(doubled.count) of \(ids.count) \(what) more than once.")
        }
    }
}
