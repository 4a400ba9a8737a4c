import ChannelHost
import Foundation
import JSONLines

/// How a channel ends, and what it leaves.
extension Check {
    static let ends = [
        Check(
            "end-of-input", .process, "It ends within 2 s of the end of its input.",
            mend: "Leave the loop when a read returns nothing, close connections, and exit with 0.",
            need: .configuration
        ) { subject throws(Verdict) in
            try requireEnd(
                subject.close(try subject.configured()), subject, "the end of its input")
        },
        Check(
            "end-answers", .process, "It answers what came before the end of its input.",
            mend:
                "Take all lines that were read before you end, and flush the output; 2 s after the last answer it is ended.",
            need: .configuration, body: answersBeforeEnd),
        Check(
            "terminate", .process, "SIGTERM ends it within 2 s.",
            mend: "Leave the signal alone, or end soon where you handle it.", need: .configuration
        ) { subject throws(Verdict) in
            let session = try subject.configured()
            let end = session.end(bySignal: SIGTERM, within: subject.options.limits.end)
            guard end.ending == nil else { return }
            throw .failed(
                "It still ran \(Quote.seconds(subject.options.limits.end)) after SIGTERM.")
        },
        Check(
            "no-children", .process, "It leaves no children behind.",
            mend: "End and await what you start before you end yourself.", need: .configuration
        ) { subject throws(Verdict) in
            let session = try subject.configured()
            if subject.sendsWork { try subject.send([try subject.message()], on: session) }
            let left = subject.close(session).leftBehind
            guard !left.isEmpty else { return }
            throw .failed("These still ran: \(left.joined(separator: ", "))")
        },
    ]

    static let tallies = [
        Check(
            "answers-once", .process, "It answered no request twice, in all sessions.",
            mend: "Write one line for each request, also where a time-out and an answer meet.",
            need: .configuration
        ) { subject throws(Verdict) in
            try pingOnce(subject)
            let count = subject.tally.doubled
            if count > 0 { throw .failed("It answered \(count) of them more than once.") }
        },
        Check(
            "clean-output", .process, "It wrote nothing but the protocol, in all sessions.",
            mend: "Send log text to standard error; write whole lines under one lock.",
            need: .configuration
        ) { subject throws(Verdict) in
            try pingOnce(subject)
            let strays = subject.tally.strays
            guard let first = strays.first else { return }
            throw .failed(
                "\(strays.count) lines were none of it, first during \(first.check): \(Quote.stray(first))"
            )
        },
    ]

    private static func requireEnd(_ end: Session.End, _ subject: Subject, _ cause: String)
        throws(Verdict)
    {
        switch end.ending {
        case .code?: return
        case nil:
            let limit = Quote.seconds(subject.options.limits.end)
            throw .failed("It still ran \(limit) after \(cause).")
        case let ending?: throw .failed("It ended with \(ending.text) after \(cause).")
        }
    }

    private static func answersBeforeEnd(_ subject: Subject) throws(Verdict) {
        let session = try subject.configured()
        var requests = (1...50).map { _ in session.request("ping") }
        if subject.sendsWork {
            let count = min(4, try subject.window())
            requests += try subject.messages(count).map { session.request("send", $0) }
        }
        session.write(requests.flatMap(\.line))
        let began = ContinuousClock.now
        subject.close(session)
        let missing = requests.count { session.record.answers[$0.id] == nil }
        if missing > 0 {
            let time = Quote.seconds(ContinuousClock.now - began)
            throw .failed(
                "\(missing) of \(requests.count) requests had no answer when it ended, \(time) later."
            )
        }
    }

    /// So that there is something to judge where no other check ran.
    private static func pingOnce(_ subject: Subject) throws(Verdict) {
        try subject.ready().ping(within: subject.options.limits.answer)
        subject.closeShared()
    }
}
