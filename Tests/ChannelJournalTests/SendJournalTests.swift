import ChannelJournal
import ChannelKit
import Foundation
import GRDB
import Testing

/// What a journal remembers, for how long, and for whom.
@Suite struct SendJournalTests {
    private let place: JournalPlace

    init() throws { place = try JournalPlace() }

    @Test func oneProcessHasItAtATime() throws {
        var first: SendJournal? = try place.journal()
        let error = #expect(throws: ConfigurationError.self) { _ = try place.journal() }
        #expect(error?.reason.contains("holds the journal") == true)
        _ = try first?.memory(of: "k")
        first = nil
        try place.open { _ = try $0.memory(of: "k") }
    }

    @Test func messagesAreForgottenAfterTheirTime() throws {
        try place.open { try $0.settle("old", .sent) }
        place.advance(by: 59)
        try place.open { (journal) throws in
            #expect(try journal.memory(of: "old") == .settled(.sent, reference: nil))
            try journal.settle("new", .sent)
        }
        place.advance(by: 2)
        try place.open { (journal) throws in
            #expect(try journal.memory(of: "old") == .new)
            #expect(try journal.memory(of: "new") == .settled(.sent, reference: nil))
        }
    }

    @Test func aThreadKnowsWhatWentInIt() throws {
        try place.open { (journal) throws in
            for (key, thread) in [("a", "en_1"), ("b", "en_2"), ("c", "en_1"), ("d", "en_1")] {
                try journal.begin(key, thread: thread)
                if key != "d" { try journal.settle(key, .sent, reference: "<\(key)>") }
            }
            #expect(try journal.references(of: "en_1") == ["<a>", "<c>"])
            #expect(try journal.references(of: "en_1", limit: 1) == ["<c>"])
            #expect(try journal.references(of: "en_3") == [])
        }
    }

    @Test func openMessagesAreThoseThatMayStillChange() throws {
        try place.open { (journal) throws in
            try journal.settle("taken", .accepted, reference: "1")
            try journal.settle("gone", .sent, reference: "2")
            try journal.settle("there", .delivered, reference: "3")
            try journal.settle("unnamed", .accepted)
            try journal.begin("begun")
            #expect(try journal.openSends().map(\.key) == ["taken", "gone"])
            try journal.addReport(.status(eventID: "e", key: "taken", .delivered))
            #expect(try journal.openSends().map(\.key) == ["gone"])
        }
    }

    @Test func aReportWaitsUntilItIsAcknowledgedOverRestarts() throws {
        let status = ChannelLine.status(eventID: "e1", key: "k", .delivered)
        let inbound = ChannelLine.inbound(
            .init(eventID: "e2", kind: .reply, from: "+15550100", text: "Yes 👋"))
        try place.open { (journal) throws in
            let areNew = [
                try journal.addReport(status), try journal.addReport(inbound),
                try journal.addReport(status),
            ]
            #expect(areNew == [true, true, false])
        }
        try place.open { (journal) throws in
            #expect(try journal.waitingReports() == [status, inbound])
            try journal.acknowledge("e1")
            #expect(try journal.waitingReports() == [inbound])
        }
        try place.open { (journal) throws in
            let isNew = try journal.addReport(status)
            #expect(!isNew, "It was reported already.")
            #expect(try journal.waitingReports() == [inbound])
        }
    }

    @Test func anAcknowledgedReportKeepsNoText() throws {
        try place.open { (journal) throws in
            try journal.addReport(
                .inbound(.init(eventID: "e", kind: .reply, from: "+15550100", text: "private")))
            try journal.acknowledge("e")
        }
        let line = try DatabaseQueue(path: place.path).read {
            try String.fetchOne($0, sql: "SELECT line FROM report")
        }
        #expect(line == "")
    }

    @Test func aReportThatComesBeforeTheAnswerIsNotTakenBack() throws {
        try place.open { (journal) throws in
            try journal.begin("k")
            try journal.addReport(.status(eventID: "e", key: "k", .delivered))
            try journal.settle("k", .accepted, reference: "r")
            #expect(try journal.memory(of: "k") == .settled(.delivered, reference: "r"))
        }
    }

    @Test func marksAreKept() throws {
        try place.open { try $0.setMark("read", "17") }
        try place.open { (journal) throws in
            #expect(try journal.mark("read") == "17")
            try journal.setMark("read", nil)
            #expect(try journal.mark("read") == nil)
        }
    }

    @Test func aNewerJournalIsLeftAlone() throws {
        try place.open { _ in }
        try DatabaseQueue(path: place.path).write {
            try $0.execute(sql: "PRAGMA user_version = 99")
        }
        let error = #expect(throws: ConfigurationError.self) { _ = try place.journal() }
        #expect(error?.reason.contains("newer") == true)
    }

    @Test func whatIsNoDatabaseIsRefused() throws {
        try place.open { _ in }
        try DatabaseQueue(path: place.path).close()
        try "no database at all, but long enough to be read as one".write(
            toFile: place.path, atomically: false, encoding: .utf8)
        #expect(throws: ConfigurationError.self) { _ = try place.journal() }
    }
}
