import Testing
import WorkflowModel
import WorkflowStore

/// Contacts, records, signals, messages, workflows, templates and replies.
struct FactRowTests {
    private let scratch: Scratch
    private let store: Store

    init() throws {
        scratch = try Scratch()
        store = try scratch.open()
    }

    @Test func aContactIsReadAsItWasWritten() throws {
        try store.transaction { session throws in
            var ann = try session.insertContact("ann")
            ann.fields = #"{"phone":"+12125550100","email":"Ann@Example.com"}"#
            ann.suppression = Suppression(all: true, channels: ["sms", "email"])
            try session.update(ann)
            #expect(try session.contact(ann.id) == ann)
            #expect(try session.contact(named: "ann") == ann)
            #expect(try session.contactName(ann.id) == "ann")
            #expect(try session.contacts(phone: "+12125550100", after: 0, limit: 9) == [ann])
            #expect(try session.contacts(email: "ann@example.COM", after: 0, limit: 9) == [ann])
            #expect(try session.contacts(phone: "+1", after: 0, limit: 9).isEmpty)
            _ = try session.insertContact("bob")
            #expect(try session.contacts(after: ann.id, limit: 9).map(\.publicID) == ["bob"])
        }
    }

    @Test func anErasedContactIsNotListedButKnown() throws {
        try store.transaction { session throws in
            var ann = try session.insertContact("ann")
            ann.erased = true
            try session.update(ann)
            #expect(try session.contacts(after: 0, limit: 9).isEmpty)
            #expect(try session.contact(named: "ann")?.erased == true)
        }
    }

    @Test func recordsAreListedByType() throws {
        try store.transaction { session throws in
            var invoice = try session.insertRecord(type: "invoice", "1")
            let visit = try session.insertRecord(type: "visit", "1")
            invoice.fields = #"{"balance":1}"#
            try session.update(invoice)
            #expect(try session.record(invoice.id) == invoice)
            #expect(try session.record(type: "visit", named: "1") == visit)
            #expect(try session.records(type: nil, after: 0, limit: 9) == [invoice, visit])
            #expect(try session.records(type: "visit", after: 0, limit: 9) == [visit])
            #expect(try session.records(type: "visit", after: visit.id, limit: 9).isEmpty)
        }
    }

    @Test func signalsOfARecordConcernItAndEnrollmentsWithout() throws {
        try store.transaction { session throws in
            let ann = try session.insertContact("ann").id
            func signal(_ record: Int64, _ enrollment: Int64? = nil) throws -> Int64 {
                try session.insertSignal(
                    contact: ann, record: record, name: "a.b", at: .at(1), data: "{}",
                    enrollment: enrollment)
            }
            let ids = [try signal(0), try signal(1), try signal(2), try signal(1, 7)]
            func found(_ record: Int64, _ enrollment: Int64, after floor: Int64 = 0) throws
                -> [Int64]
            {
                try session.signals(
                    contact: ann, record: record, enrollment: enrollment, after: floor,
                    named: ["a.b"], withData: []
                ).map(\.id)
            }
            #expect(try found(1, 7) == [ids[0], ids[1], ids[3]])
            #expect(try found(1, 8) == [ids[0], ids[1]])
            #expect(try found(0, 8) == [ids[0], ids[1], ids[2]])
            #expect(try found(1, 7, after: ids[0]) == [ids[1], ids[3]])
            #expect(try session.contact(ann)?.lastSignal == ids[3])
        }
    }

    @Test func aSignalIsRememberedOnce() throws {
        try store.transaction { session throws in
            #expect(try session.rememberSignal("x", from: .client, at: .at(0)))
            #expect(try !session.rememberSignal("x", from: .client, at: .at(1)))
            #expect(try session.rememberSignal("y", from: .client, at: .at(5)))
            let next = try session.purgeSignals(before: .at(3), behind: 0, limit: 9)
            #expect(next == 0)
            #expect(try session.rememberSignal("x", from: .client, at: .at(6)))
            #expect(try !session.rememberSignal("y", from: .client, at: .at(6)))
        }
    }

    @Test func signalsThatAnActiveEnrollmentMayAskForStay() throws {
        try store.transaction { session throws in
            let inside = try session.insertContact("in").id
            let outside = try session.insertContact("out").id
            try session.enroll(contact: inside)
            for contact in [inside, outside] {
                _ = try session.insertSignal(
                    contact: contact, record: 0, name: "a.b", at: .at(1), data: "{}")
            }
            #expect(try session.purgeSignals(before: .at(9), behind: 0, limit: 1) == 1)
            #expect(try session.purgeSignals(before: .at(9), behind: 1, limit: 9) == 2)
            func left(_ contact: Int64) throws -> Int {
                try session.signals(
                    contact: contact, record: 0, enrollment: 1, after: 0, named: ["a.b"],
                    withData: []
                ).count
            }
            #expect(try left(inside) == 1)
            #expect(try left(outside) == 0)
        }
    }

    @Test func openMessagesAreFoundByChannel() throws {
        try store.transaction { session throws in
            func message(_ enrollment: Int64, _ state: MessageState, _ channel: String = "sms")
                -> StoredMessage
            {
                StoredMessage(
                    address: MessageAddress(enrollment: enrollment, node: 1, variant: 0),
                    state: state,
                    channel: channel, attempt: 1, request: "{}", seq: 3)
            }
            for message in [
                message(1, .sending), message(2, .unknown), message(3, .sent),
                message(4, .sending, "email"),
            ] { try session.put(message) }
            #expect(
                try session.openMessages(channel: "sms", state: .sending) == [message(1, .sending)])
            try session.put(message(1, .delivered))
            #expect(try session.message(message(1, .sending).address) == message(1, .delivered))
            // What waits for another attempt is with nobody.
            try session.put(message(2, .waiting))
            #expect(try session.openMessages(channel: "sms", state: .unknown).isEmpty)
            #expect(try session.messages(enrollment: 2) == [message(2, .waiting)])
        }
    }

    @Test func versionsAreNumberedWithinTheirWorkflow() throws {
        try store.transaction { session throws in
            var workflow = try session.insertWorkflow("a", at: .at(0))
            let other = try session.insertWorkflow("b", at: .at(0))
            func add(_ workflow: Int64, _ hash: String) throws -> StoredVersion {
                try session.addVersion(workflow: workflow, hash: hash, definition: "{}", at: .at(1))
            }
            let versions = [
                try add(workflow.id, "1"), try add(other.id, "x"), try add(workflow.id, "2"),
            ]
            #expect(versions.map(\.number) == [1, 1, 2])
            #expect(try session.versions(workflow: workflow.id) == [versions[2], versions[0]])
            #expect(try session.version(versions[1].id) == versions[1])
            (workflow.state, workflow.rev, workflow.version) = (.active, 2, versions[2].id)
            try session.update(workflow)
            #expect(try session.workflows() == [workflow, other])
        }
    }

    @Test func aDeletedWorkflowLeavesItsNameForAnother() throws {
        try store.transaction { session throws in
            let workflow = try session.insertWorkflow("a", at: .at(0))
            #expect(throws: (any Error).self) {
                try session.attempt { _ = try session.insertWorkflow("a", at: .at(0)) }
            }
            try session.delete(workflow, at: .at(1))
            #expect(try session.workflows().isEmpty)
            #expect(try session.workflowName(workflow.id) == "a")
            #expect(try session.insertWorkflow("a", at: .at(2)).id != workflow.id)
        }
    }

    @Test func templatesAreListedByID() throws {
        try store.transaction { session throws in
            func template(_ id: String, _ rev: Int = 1) -> StoredTemplate {
                StoredTemplate(
                    id: id, rev: rev, name: "n", description: "d", definition: "{}",
                    created: .at(0),
                    updated: .at(1))
            }
            for id in ["b", "a", "c"] { try session.put(template(id)) }
            try session.put(template("b", 2))
            #expect(try session.template("b") == template("b", 2))
            #expect(try session.templates(after: "a", limit: 9).map(\.id) == ["b", "c"])
            try session.deleteTemplate("b")
            #expect(try session.template("b") == nil)
        }
    }

    @Test func countsAddUp() throws {
        try store.transaction { session throws in
            session.count(workflow: 1, step: "a", metric: "sent", by: 2)
            session.count(workflow: 1, step: "a", metric: "sent", by: 3)
            session.count(workflow: 1, step: "", metric: "inside", by: 1)
            session.count(workflow: 1, step: "", metric: "inside", by: -1)
            let counts = try session.statistics(workflow: 1)
            #expect(counts.map(\.count) == [5] && counts.first?.step == "a")
        }
    }

    @Test func repliesAreKeptForTheirTime() throws {
        try store.transaction { session throws in
            try session.storeReply("k", command: "c", reply: "r", at: .at(1))
            let stored = try session.storedReply("k", since: .at(1))
            #expect(stored?.command == "c" && stored?.reply == "r")
            #expect(try session.storedReply("k", since: .at(2)) == nil)
            try session.purgeReplies(before: .at(1), limit: 9)
            #expect(try session.storedReply("k", since: .at(0)) != nil)
            try session.purgeReplies(before: .at(2), limit: 9)
            #expect(try session.storedReply("k", since: .at(0)) == nil)
        }
    }
}
