import Testing
import WorkflowModel

@testable import WorkflowStore

/// Transactions, and attempts within them.
struct TransactionTests {
    private let scratch: Scratch
    private let store: Store

    init() throws {
        scratch = try Scratch()
        store = try scratch.open()
    }

    @Test func anAttemptThatFailsIsUndoneAndTheTransactionGoesOn() throws {
        try store.transaction { session throws in
            try session.setMeta("before", "1")
            _ = try? session.attempt {
                try session.setMeta("before", "2")
                try session.setMeta("inside", "1")
                throw Undo()
            }
            try session.attempt { try session.setMeta("after", "1") }
        }
        try store.transaction { session throws in
            #expect(try session.meta("before") == "1")
            #expect(try session.meta("inside") == nil)
            #expect(try session.meta("after") == "1")
        }
    }

    @Test(arguments: ["", " ", "\u{0}", "a\u{0}b", "Ünïcode 🏡", "'; DROP TABLE meta; --"])
    func everyTextIsReadAsItWasWritten(_ text: String) throws {
        try store.transaction { try $0.setMeta("key", text) }
        #expect(try store.transaction { try $0.meta("key") } == text)
    }

    @Test func attemptsNest() throws {
        try store.transaction { session throws in
            try session.attempt {
                try session.setMeta("outer", "1")
                _ = try? session.attempt {
                    try session.setMeta("inner", "1")
                    throw Undo()
                }
                try session.attempt { try session.setMeta("second", "1") }
            }
            _ = try? session.attempt {
                try session.attempt { try session.setMeta("lost", "1") }
                throw Undo()
            }
        }
        try store.transaction { session throws in
            let there = try ["outer", "inner", "second", "lost"].filter {
                try session.meta($0) != nil
            }
            #expect(there == ["outer", "second"])
        }
    }

    @Test func aTransactionThatFailsIsUndone() throws {
        do {
            try store.transaction { session throws in
                try session.setMeta("a", "1")
                throw Undo()
            }
            Issue.record("It went through.")
        } catch {
            guard case .body(is Undo) = error else {
                Issue.record("\(error)")
                return
            }
        }
        #expect(try store.transaction { try $0.meta("a") } == nil)
    }

    @Test func aStatementThatFailsInAnAttemptIsUndone() throws {
        try store.transaction { session throws in
            _ = try session.insertContact("ann")
            #expect(throws: (any Error).self) {
                try session.attempt {
                    _ = try session.insertContact("bob")
                    _ = try session.insertWorkflow("a", at: .at(0))
                    _ = try session.insertWorkflow("a", at: .at(0))
                }
            }
            #expect(try session.workflows().isEmpty)
            #expect(try session.contacts(after: 0, limit: 10).map(\.publicID) == ["ann"])
        }
    }

    @Test func aQueueThatWasRegisteredInVainIsForgotten() throws {
        try store.transaction { session throws in
            _ = try? session.attempt {
                try session.enroll(due: .at(0), lane: .channel("fax"))
                throw Undo()
            }
            try session.enroll(due: .at(0), lane: .channel("pigeon"))
            try session.enroll(due: .at(0), lane: .channel("fax"))
        }
        _ = try? store.transaction { session throws in
            try session.register(channels: ["owl"])
            throw Undo()
        }
        try store.transaction { session throws in
            try session.enroll(due: .at(0), lane: .channel("mail"))
            try session.enroll(due: .at(0), lane: .channel("owl"))
            for channel in ["fax", "pigeon", "mail", "owl"] {
                let due = try session.due(in: .channel(channel), at: .at(1), limit: 10)
                #expect(due.map(\.enrollment.lane) == [.channel(channel)])
            }
        }
    }

    /// Every kind of row: made before an attempt, changed in it, and written in the middle of it by a read
    /// that is not by key.
    @Test(arguments: [true, false], [true, false])
    func aRowThatIsMadeAndChangedIsWrittenOnce(_ isKept: Bool, _ readsAll: Bool) throws {
        let address = MessageAddress(enrollment: 1, node: 0, variant: 0)
        func message(_ state: MessageState) -> StoredMessage {
            StoredMessage(address: address, state: state, channel: "sms", attempt: 1, request: nil)
        }
        func look(_ session: StoreSession) throws {
            guard readsAll else { return }
            _ = try session.contacts(after: 0, limit: 9)
        }
        func change(_ session: StoreSession, _ text: String) throws {
            let fields = #"{"first_name":"\#(text)"}"#
            guard var contact = try session.contact(named: "ann"),
                var record = try session.record(type: "job", named: "1"),
                var stored = try session.enrollment(1)
            else { throw Undo() }
            (contact.fields, record.fields, stored.enrollment.exit) = (fields, fields, text)
            try session.update(contact)
            try session.update(record)
            try session.update(stored)
            try session.put(message(.sent))
        }
        try store.transaction { session in
            let ann = try session.insertContact("ann")
            _ = try session.insertRecord(type: "job", "1")
            try session.enroll(contact: ann.id)
            try session.put(message(.sending))
            try? session.attempt {
                try change(session, "inside")
                try look(session)
                try session.attempt {
                    try change(session, "deeper")
                    try look(session)
                }
                try change(session, "last")
                guard isKept else { throw Undo() }
            }
        }
        try store.transaction { session throws in
            let fields = isKept ? #"{"first_name":"last"}"# : "{}"
            #expect(try session.contact(1)?.fields == fields)
            #expect(try session.record(1)?.fields == fields)
            #expect(try session.enrollment(1)?.enrollment.exit == (isKept ? "last" : nil))
            #expect(try session.message(address)?.state == (isKept ? .sent : .sending))
        }
    }

    /// Swift's strings are equal where Unicode calls them equivalent; the database's are not, be a row
    /// written already or not.
    @Test(arguments: [true, false])
    func keysAreToldApartByCodePoint(_ isWritten: Bool) throws {
        let names = ["Jos\u{e9}", "Jose\u{301}"]
        try store.transaction { session in
            for name in names {
                #expect(try session.contact(named: name) == nil)
                _ = try session.insertContact(name)
                #expect(try session.record(type: "job", named: name) == nil)
                _ = try session.insertRecord(type: "job", name)
                #expect(try session.rememberSignal(name, from: .client, at: .at(0)))
                #expect(try !session.rememberSignal(name, from: .client, at: .at(0)))
                #expect(try session.storedReply(name, since: .at(0)) == nil)
                try session.storeReply(name, command: name, reply: "{}", at: .at(0))
                session.count(workflow: 1, step: "ask", metric: "path:\(name)", by: 1)
                if isWritten { try session.writeOut() }
            }
        }
        try store.transaction { session throws in
            for (index, name) in names.enumerated() {
                #expect(try session.contact(named: name)?.id == Int64(index + 1))
                #expect(try session.record(type: "job", named: name)?.id == Int64(index + 1))
                #expect(try session.storedReply(name, since: .at(0)) != nil)
            }
            #expect(try session.statistics(workflow: 1).map(\.count) == [1, 1])
        }
    }

    /// A database whose `sqlite_sequence` somebody changed gives no number twice.
    @Test func numbersGoOnBehindTheRowsThatAreThere() throws {
        try store.transaction { session in
            for _ in 0..<3 { try session.enroll() }
            for _ in 0..<3 { session.append() }
            try session.run("UPDATE sqlite_sequence SET seq = 1")
        }
        try store.close()
        let again = try scratch.open()
        try again.transaction { session throws in
            #expect(try session.enroll().enrollment.id == 4)
            #expect(session.append() == 4)
        }
    }

    /// A statement that finds nothing to do is no write.
    @Test func whatChangesNothingIsNoWrite() throws {
        try store.transaction { session in
            try session.purgeReplies(before: .at(0), limit: 9)
            #expect(!session.hasChanged)
            try session.setMeta("a", "1")
            #expect(session.hasChanged)
        }
    }
}
