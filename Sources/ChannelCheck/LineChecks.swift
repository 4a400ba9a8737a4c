import JSONLines

/// How a channel cuts its input into lines.
extension Check {
    static let lines = [
        Check(
            "line-crlf", .requests, "It takes a line that ends with CR LF.",
            mend: "Drop one CR before the LF, or use a JSON reader that takes it as white space.",
            need: .configuration
        ) { subject throws(Verdict) in
            let session = try subject.ready()
            let (id, line) = session.request("ping")
            session.write(line.dropLast() + [0x0D, 0x0A])
            _ = try session.answer(
                to: id, within: subject.options.limits.answer, "a ping that ends with CR LF")
        },
        Check(
            "line-split", .requests, "It takes a request that comes byte by byte.",
            mend:
                "Keep what a read brought behind the last line end, and put the next read behind it.",
            need: .configuration
        ) { subject throws(Verdict) in
            let session = try subject.ready()
            let (id, line) = session.request("ping")
            session.trickle(line)
            _ = try session.answer(
                to: id, within: subject.options.limits.answer, "a ping that came byte by byte")
        },
        survives("line-blank", "a blank line", [[0x0A], [0x0D, 0x0A], Array("  \n".utf8)]),
        survives(
            "line-garbage", "lines that are no requests",
            [
                Array("this is no JSON\n".utf8), Array("[1,2]\n".utf8), Array("{\"op\":5}\n".utf8),
                [0xFF, 0xFE, 0x00, 0x0A],
            ]),
    ]

    private static func survives(_ id: String, _ what: String, _ lines: [[UInt8]]) -> Check {
        Check(
            id, .requests, "It survives \(what).",
            mend: "Catch the error of the JSON reader, write a word to standard error, and go on.",
            weight: .advice, need: .configuration
        ) { subject throws(Verdict) in
            let session = try subject.ready()
            session.write(lines.flatMap { $0 })
            try session.ping(within: subject.options.limits.answer, "a ping behind \(what)")
        }
    }
}
