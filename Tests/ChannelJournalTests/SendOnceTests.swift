import ChannelJournal
import ChannelKit
import Synchronization
import Testing

/// A message goes once, whatever happened to earlier attempts.
@Suite struct SendOnceTests {
    private let place: JournalPlace

    init() throws { place = try JournalPlace() }

    @Test(arguments: [
        SendAnswer.accepted, .sent, .delivered,
        .failed(.init(.permanent, reason: "no such mailbox")),
        .failed(.init(.suppressed, reason: "opted out")),
    ])
    func whatIsKnownIsAnsweredAgainAlsoAfterARestart(_ answer: SendAnswer) throws {
        let provider = Provider { begin in
            try begin()
            return .answered(answer, reference: "r1")
        }
        try place.open { #expect($0.once("k", provider.route) == answer) }
        try place.open { #expect($0.once("k", provider.route) == answer) }
        #expect(provider.sends == 1)
    }

    @Test(arguments: [SendAnswer.Failure.Kind.transient, .config])
    func whatMayPassGoesAgain(_ kind: SendAnswer.Failure.Kind) throws {
        let failure = SendAnswer.failed(.init(kind, reason: "busy"))
        let provider = Provider { begin in
            try begin()
            return .answered(failure)
        }
        try place.open { (journal) throws in
            #expect(journal.once("k", provider.route) == failure)
            #expect(journal.once("k", provider.route) == failure)
        }
        #expect(provider.sends == 2)
    }

    @Test func whatBeganAndGotNoAnswerIsUnknownAndNeverGoesAgain() throws {
        let provider = Provider { begin in
            try begin()
            return .ambiguous(reason: "cut")
        }
        try place.open { #expect($0.once("k", provider.route) == .unknown(reason: "cut")) }
        try place.open { (journal) throws in
            guard case .unknown = journal.once("k", provider.route) else {
                Issue.record("It must stay unknown.")
                return
            }
        }
        #expect(provider.sends == 1)
    }

    @Test func aReportThatOvertookTheLostAnswerIsTheAnswer() throws {
        try place.open { (journal) throws in
            let provider = Provider { begin in
                try begin()
                try journal.settle("k", .delivered)
                return .ambiguous(reason: "cut")
            }
            #expect(journal.once("k", provider.route) == .delivered)
            #expect(journal.once("k", provider.route) == .delivered)
            #expect(provider.sends == 1)
        }
    }

    @Test func aReportThatCameWhileItWasLookedForIsTheAnswer() throws {
        try place.open { (journal) throws in
            try journal.begin("k")
            let route = SendJournal.Route(
                send: { _ in .answered(.sent) },
                lookUp: { _ in
                    try? journal.settle("k", .delivered)
                    return .silent(reason: "nobody answers")
                })
            #expect(journal.once("k", route) == .delivered)
        }
    }

    @Test func aPersonsWordLetsItGoAgain() throws {
        let provider = Provider { begin in
            try begin()
            return .answered(.sent)
        }
        try place.open { (journal) throws in
            try journal.begin("k")
            guard case .unknown = journal.once("k", provider.route) else {
                Issue.record("Nobody knows what became of it.")
                return
            }
            let answer = journal.once("k", attempt: 2, ruledOut: 1, provider.route)
            #expect(answer == .sent)
            #expect(journal.once("k", provider.route) == .sent)
        }
        #expect(provider.sends == 1)
    }

    @Test func aPersonsWordIsAboutTheAttemptsBeforeIt() throws {
        let provider = Provider { begin in
            try begin()
            return .ambiguous(reason: "The connection broke.")
        }
        let unknown = SendAnswer.unknown(reason: "The connection broke.")
        try place.open { (journal) throws in
            #expect(journal.once("k", attempt: 1, provider.route) == unknown)
            #expect(journal.once("k", attempt: 2, ruledOut: 1, provider.route) == unknown)
        }
        #expect(provider.sends == 2)
        // Its answer was lost, so that the host repeats the word: the second attempt may have gone.
        try place.open { (journal) throws in
            #expect(journal.once("k", attempt: 3, ruledOut: 1, provider.route) == unknown)
        }
        #expect(provider.sends == 2)
        try place.open { (journal) throws in
            #expect(journal.once("k", attempt: 4, ruledOut: 3, provider.route) == unknown)
        }
        #expect(provider.sends == 3)
    }

    @Test func whatNeverBeganGoesAgain() throws {
        let provider = Provider { _ in .ambiguous(reason: "no connection") }
        try place.open { (journal) throws in
            #expect(
                journal.once("k", provider.route)
                    == .failed(.init(.transient, reason: "no connection")))
            _ = journal.once("k", provider.route)
        }
        #expect(provider.sends == 2)
    }

    @Test func aProcessThatEndedBehindTheBeginningLooksItUp() throws {
        try place.open { try $0.begin("k") }
        let provider = Provider { _ in .answered(.sent) }
        try place.open { (journal) throws in
            let answer = journal.once("k", provider.route(.there(.accepted, reference: "SM1")))
            #expect(answer == .accepted)
            #expect(try journal.key(reference: "SM1") == "k")
            #expect(try journal.memory(of: "k") == .settled(.accepted, reference: "SM1"))
        }
        #expect(provider.sends == 0)
    }

    @Test func whatTheProviderNeverGotGoesAgain() throws {
        try place.open { try $0.begin("k") }
        let provider = Provider { _ in .answered(.sent) }
        try place.open { (journal) throws in
            guard case .failed(let failure) = journal.once("k", provider.route(.absent)) else {
                Issue.record("It did not go.")
                return
            }
            #expect(failure.kind == .transient)
            #expect(journal.once("k", provider.route(.absent)) == .sent)
        }
        #expect(provider.sends == 1)
    }

    @Test func aProviderThatCannotBeAskedLeavesItUnknown() throws {
        try place.open { (journal) throws in
            try journal.begin("k")
            let provider = Provider { _ in .answered(.sent) }
            let answer = journal.once("k", provider.route(.silent(reason: "no network")))
            #expect(answer == .unknown(reason: "no network"))
            #expect(provider.sends == 0)
        }
    }

    @Test func twoThreadsWithOneKeySendOnce() async throws {
        let journal = try place.journal()
        let sends = Counter()
        let answers = await withTaskGroup(of: SendAnswer.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    journal.once(
                        "k",
                        SendJournal.Route { begin in
                            sends.count()
                            try? begin()
                            return .answered(.sent)
                        })
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: .sent, count: 8))
        #expect(sends.value == 1)
    }

    @Test func aJournalThatCannotBeWrittenLetsNothingLeave() throws {
        try place.open { (journal) throws in
            try place.breakSchema()
            let provider = Provider { _ in .answered(.sent) }
            guard case .failed(let failure) = journal.once("k", provider.route) else {
                Issue.record("It must not leave.")
                return
            }
            #expect(failure.kind == .config)
            #expect(provider.sends == 0)
        }
    }
}

/// Counts over threads.
private final class Counter: Sendable {
    private let number = Mutex(0)
    var value: Int { number.withLock { $0 } }
    func count() { number.withLock { $0 += 1 } }
}

/// A provider that counts what reaches it.
private final class Provider {
    private(set) var sends = 0
    private let answer: (() throws -> Void) throws -> SendJournal.Sent

    init(_ answer: @escaping (() throws -> Void) throws -> SendJournal.Sent) {
        self.answer = answer
    }

    var route: SendJournal.Route { SendJournal.Route(send: send) }

    func route(_ found: SendJournal.Found) -> SendJournal.Route {
        SendJournal.Route(send: send) { _ in found }
    }

    private func send(_ begin: @escaping () throws -> Void) -> SendJournal.Sent {
        sends += 1
        do {
            return try answer(begin)
        } catch {
            return .answered(.failed(.init(.config, reason: "\(error)")))
        }
    }
}
