import SeededNumbers
import Testing
import WorkflowModel

@testable import WorkflowStore

/// The history, which is also the event feed.
struct FeedTests {
    private let scratch: Scratch
    private let store: Store

    init() throws {
        scratch = try Scratch()
        store = try scratch.open()
    }

    @Test func positionsHaveNoGapsBehindWhatWasUndone() throws {
        try store.transaction { session throws in
            #expect(session.feedHead == 0)
            session.append()
            _ = try? session.attempt {
                for _ in 0..<5 { session.append() }
                throw Undo()
            }
            #expect(session.append() == 2)
        }
        _ = try? store.transaction { session throws in
            session.append()
            throw Undo()
        }
        try store.transaction { session throws in
            #expect(session.append() == 3)
            #expect(try session.positions() == [1, 2, 3])
            #expect(session.feedHead == 3)
        }
    }

    @Test func positionsGoOnBehindAPurgeAndARestart() throws {
        try store.transaction { session throws in
            for _ in 0..<4 { session.append() }
            let (removed, floor) = try session.purge(HistoryFilter(), before: nil, limit: 100)
            #expect(removed == 4 && floor == 4)
            #expect(session.append() == 5)
            _ = try session.purge(HistoryFilter(), before: nil, limit: 100)
        }
        try store.close()
        try scratch.open().transaction { session throws in
            #expect(session.feedHead == 5)
            #expect(session.append() == 6)
        }
    }

    @Test func eventsAreReadForwardsAndBackwards() throws {
        try store.transaction { session throws in
            for type in [
                "enrollment.created", "message.sent", "message.failed", "enrollment.finished",
            ] {
                session.append(type)
            }
            #expect(try session.events(HistoryFilter(), after: 1, limit: 2).map(\.seq) == [2, 3])
            #expect(try session.events(HistoryFilter(), before: 4, limit: 2).map(\.seq) == [3, 2])
            #expect(try session.positions(HistoryFilter(families: ["message"])) == [2, 3])
            #expect(
                try session.positions(HistoryFilter(families: ["message", "enrollment"])) == [
                    1, 2, 3, 4,
                ])
            #expect(try session.positions(HistoryFilter(families: ["mess"])) == [])
            #expect(
                try session.positions(HistoryFilter(types: ["message.sent", "enrollment.created"]))
                    == [1, 2])
        }
    }

    @Test func anEventIsReadAsItWasWritten() throws {
        let event = StoredEvent(
            seq: 1, prev: 0, type: "message.sent", at: .at(3), version: 4, contact: 5, record: 6,
            enrollment: 7, body: #"{"text":"Ünïcode \u0000"}"#)
        try store.transaction { session throws in
            session.append(
                at: 3, version: 4, contact: 5, record: 6, enrollment: 7, body: event.body)
            #expect(try session.event(1) == event)
            try session.rewrite(1, body: "{}")
            #expect(try session.event(1)?.body == "{}")
            #expect(try session.event(2) == nil)
        }
    }

    @Test func familiesRememberTheirLastPosition() throws {
        try store.transaction { session throws in
            for type in ["message.sent", "enrollment.created", "message.failed"] {
                session.append(type)
            }
            #expect(session.position(of: "message") == 3)
            #expect(session.position(of: "signal") == 0)
            _ = try? session.attempt {
                session.append("message.sent")
                session.append("signal.received")
                #expect(session.position(of: "message") == 4)
                throw Undo()
            }
            #expect(session.position(of: "message") == 3)
            #expect(session.position(of: "signal") == 0)
        }
        #expect(store.feed.families == ["message": 3, "enrollment": 2])
        try store.close()
        #expect(try scratch.open().feed.families == ["message": 3, "enrollment": 2])
        #expect(StoredEvent.family(of: "message.sent") == "message")
    }

    // MARK: Purge

    @Test func purgesByAge() throws {
        try store.transaction { session throws in
            for second in [10, 20, 20, 30, 40] { session.append(at: second) }
            var (removed, floor) = try session.purge(HistoryFilter(), before: .at(10), limit: 100)
            #expect(removed == 0 && floor == nil)
            (removed, floor) = try session.purge(HistoryFilter(), before: .at(30), limit: 2)
            #expect(removed == 2 && floor == 2)
            (removed, floor) = try session.purge(HistoryFilter(), before: .at(30), limit: 100)
            #expect(removed == 1 && floor == 3)
            (removed, floor) = try session.purge(HistoryFilter(), before: .at(30), limit: 100)
            #expect(removed == 0)
            #expect(try session.positions() == [4, 5])
            (removed, floor) = try session.purge(HistoryFilter(), before: .at(99), limit: 100)
            #expect(removed == 2 && floor == 5)
        }
    }

    /// The clock of the machine stood at zero for a while, then ahead.
    @Test func whatIsNewerStaysThoughTheClockWasSetBack() throws {
        try store.transaction { session throws in
            for second in [10, 50, 51, 1, 2, 3, 52, 99, 11, 53] {
                session.append(at: second, contact: second == 3 ? 1 : nil)
            }
            var (removed, floor) = try session.purge(HistoryFilter(), before: .at(40), limit: 100)
            #expect(removed == 1 && floor == 1)
            #expect(try session.positions() == [2, 3, 4, 5, 6, 7, 8, 9, 10])
            (removed, floor) = try session.purge(
                HistoryFilter(contact: 1), before: .at(40), limit: 100)
            #expect(removed == 1 && floor == nil)
            (removed, floor) = try session.purge(HistoryFilter(), before: .at(54), limit: 4)
            #expect(removed == 4 && floor == 5)
            (removed, floor) = try session.purge(HistoryFilter(), before: .at(54), limit: 100)
            #expect(removed == 1 && floor == 7)
            #expect(try session.positions() == [8, 9, 10])
        }
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func noPurgeRemovesWhatIsNewer(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        try store.transaction { session throws in
            let moments = (0..<20).map { _ in Int.random(in: 0..<9, using: &numbers) }
            for moment in moments { session.append(at: moment, contact: Int64(moment % 2)) }
            let cutoff = Int.random(in: 0...9, using: &numbers)
            let limit = Int.random(in: 1...25, using: &numbers)
            let filter = HistoryFilter(contact: numbers.chance(50) ? 1 : nil)
            let (removed, floor) = try session.purge(filter, before: .at(cutoff), limit: limit)
            let gone = Set(1...20).subtracting(try session.positions().map(Int.init))
            #expect(gone.count == removed && gone.allSatisfy { moments[$0 - 1] < cutoff })
            guard filter.contact == nil else {
                #expect(gone.allSatisfy { moments[$0 - 1] % 2 == 1 })
                return #expect(
                    removed == min(limit, moments.count { $0 % 2 == 1 && $0 < cutoff }))
            }
            #expect(gone == Set(1..<removed + 1) && floor ?? 0 == removed)
            #expect(removed == min(limit, moments.prefix { $0 < cutoff }.count))
        }
    }

    @Test func purgesByContact() throws {
        try store.transaction { session throws in
            for contact in [1, 2, 1, 2, 1] as [Int64] {
                session.append(at: 10, contact: contact)
            }
            session.append(at: 20, contact: 1)
            let (removed, floor) = try session.purge(
                HistoryFilter(contact: 1), before: .at(20), limit: 100)
            #expect(removed == 3 && floor == nil)
            #expect(try session.positions() == [2, 4, 6])
            #expect(
                try session.purge(HistoryFilter(contact: 1), before: nil, limit: 100).removed == 1)
            #expect(try session.positions(HistoryFilter(contact: 2)) == [2, 4])
            #expect(
                try session.purge(HistoryFilter(contact: 2), before: nil, limit: 1).removed == 1)
        }
    }

    @Test func purgesByWorkflow() throws {
        try store.transaction { session throws in
            let first = try session.insertWorkflow("a", at: .at(0))
            let second = try session.insertWorkflow("b", at: .at(0))
            let versions = try [first, first, second].map {
                try session.addVersion(workflow: $0.id, hash: "h", definition: "{}", at: .at(0)).id
            }
            for version in versions { session.append(version: version) }
            session.append()
            #expect(try session.positions(HistoryFilter(workflow: first.id)) == [1, 2])
            let (removed, _) = try session.purge(
                HistoryFilter(workflow: first.id), before: nil, limit: 100)
            #expect(removed == 2)
            #expect(try session.positions() == [3, 4])
        }
    }

    @Test func purgesByContactAndWorkflowTogether() throws {
        try store.transaction { session throws in
            let workflow = try session.insertWorkflow("a", at: .at(0))
            let version = try session.addVersion(
                workflow: workflow.id, hash: "h", definition: "{}", at: .at(0)
            ).id
            session.append(version: version, contact: 1)
            session.append(version: version, contact: 2)
            session.append(contact: 1)
            let filter = HistoryFilter(contact: 1, workflow: workflow.id)
            #expect(try session.purge(filter, before: nil, limit: 100).removed == 1)
            #expect(try session.positions() == [2, 3])
        }
    }
}
