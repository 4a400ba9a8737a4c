import JSONLines

/// What a channel does at its start.
extension Check {
    static let starting = [
        Check(
            "hello", .starting, "It answers hello with a manifest within 10 s.",
            mend:
                "Answer the first line with {\"id\": its id, \"manifest\": {...}}, flush, and connect "
                + "only when configured.",
            need: .nothing
        ) { subject throws(Verdict) in
            subject.close(try subject.greeted())
        },
        Check(
            "quiet-start", .starting, "It writes nothing but the protocol before its hello.",
            mend: "Send banners and log text to standard error.", need: .greeting
        ) { subject throws(Verdict) in
            guard let stray = subject.tally.beforeHello.first else { return }
            throw .failed("It wrote \(Quote.stray(stray))")
        },
        Check(
            "same-manifest", .starting, "It starts twice in a row and says the same of itself.",
            mend: "Let the manifest depend on the program alone, and clean up what a start leaves.",
            need: .greeting
        ) { subject throws(Verdict) in
            subject.close(try subject.greeted())
            let first = subject.manifestJSON
            let session = try subject.greeted()
            let second = session.record.answers.values.first?.first?["manifest"]
            subject.close(session)
            if first != second {
                throw .failed("The second start gave another manifest: \(second?.text ?? "none")")
            }
        },
    ]
}
