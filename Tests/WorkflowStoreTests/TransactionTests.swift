import Testing
import WorkflowModel

@testable import WorkflowStore

/// Transactions, and savepoints within them.
struct TransactionTests {
    private let scratch: Scratch
    private let store: Store

    init() throws {
        scratch = try Scratch()
        store = try scratch.open()
    }

    @Test func aSavepointThatFailsIsUndoneAndTheTransactionGoesOn() throws {
        try store.transaction { session in
            try session.setMeta("before", "1")
            _ = try? session.savepoint {
                try session.setMeta("before", "2")
                try session.setMeta("inside", "1")
                throw Undo()
            }
            try session.savepoint { try session.setMeta("after", "1") }
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

    @Test func savepointsNest() throws {
        try store.transaction { session in
            try session.savepoint {
                try session.setMeta("outer", "1")
                _ = try? session.savepoint {
                    try session.setMeta("inner", "1")
                    throw Undo()
                }
                try session.savepoint { try session.setMeta("second", "1") }
            }
            _ = try? session.savepoint {
                try session.savepoint { try session.setMeta("lost", "1") }
                throw Undo()
            }
        }
        try store.transaction { session in
            let there = try ["outer", "inner", "second", "lost"].filter {
                try session.meta($0) != nil
            }
            #expect(there == ["outer", "second"])
        }
    }

    @Test func aTransactionThatFailsIsUndone() throws {
        do {
            try store.transaction { session in
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

    @Test func aStatementThatFailsInASavepointIsUndone() throws {
        try store.transaction { session in
            _ = try session.insertContact("ann")
            #expect(throws: (any Error).self) {
                try session.savepoint {
                    _ = try session.insertContact("bob")
                    _ = try session.insertContact("ann")
                }
            }
            #expect(try session.contacts(after: 0, limit: 10).map(\.publicID) == ["ann"])
        }
    }

    @Test func aQueueThatWasRegisteredInVainIsForgotten() throws {
        try store.transaction { session in
            _ = try? session.savepoint {
                try session.enroll(due: .at(0), lane: .channel("fax"))
                throw Undo()
            }
            try session.enroll(due: .at(0), lane: .channel("pigeon"))
            try session.enroll(due: .at(0), lane: .channel("fax"))
        }
        _ = try? store.transaction { session in
            try session.register(channels: ["owl"])
            throw Undo()
        }
        try store.transaction { session in
            try session.enroll(due: .at(0), lane: .channel("mail"))
            try session.enroll(due: .at(0), lane: .channel("owl"))
            for channel in ["fax", "pigeon", "mail", "owl"] {
                let due = try session.due(in: .channel(channel), at: .at(1), limit: 10)
                #expect(due.map(\.enrollment.lane) == [.channel(channel)])
            }
        }
    }
}
