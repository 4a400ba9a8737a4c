import Foundation
import GRDB
import WorkflowModel

@testable import WorkflowStore

/// A data directory with a bit of everything, as the service would have written it: one workflow with two
/// steps; Ann waits, Ben's message is in doubt, Cid is through.
final class SoundDatabase {
    let folder = NSTemporaryDirectory() + "sound-\(UUID().uuidString)"
    var file: String { "\(folder)/workflows.sqlite" }

    private static let definition =
        #"{"name":"w","steps":[{"id":"hello","kind":"message","channel":"sms","content":{"text":"Hi"}},{"id":"wait","kind":"delay","for":{"days":1}}]}"#

    init() throws {
        try FileTree.makeFolder(folder)
        let store = try Store(path: file)
        try store.transaction { session in
            try session.register(channels: ["sms"])
            for key in ["instance", "epoch"] { try session.setMeta(key, "x") }
            try writeWorkflow(session)
            for name in ["ann", "ben", "cid"] {
                _ = try session.insertContact(name)
            }
            try writeEnrollments(session)
            writeEvents(session)
        }
        try store.close()
    }

    deinit { FileTree.remove(folder) }

    /// Does to the database what nobody should.
    func change(_ sql: String) throws {
        let queue = try DatabaseQueue(path: file)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func writeWorkflow(_ session: StoreSession) throws {
        let text = Self.definition
        var workflow = try session.insertWorkflow("w", at: .at(0))
        workflow.version = try session.addVersion(
            workflow: workflow.id, hash: ContentHash.text(of: text), definition: text, at: .at(0)
        ).id
        try session.update(workflow)
        try session.put(
            StoredTemplate(
                id: "t", rev: 1, name: "t", description: "", definition: text, created: .at(0),
                updated: .at(0)))
    }

    private func writeEnrollments(_ session: StoreSession) throws {
        try session.enroll(contact: 1, due: .at(90)) { enrollment in
            enrollment.phase = .delaying
            enrollment.node = 1
        }
        try session.enroll(contact: 2, lane: .parked) { $0.phase = .unknown }
        var ended = try session.enroll(contact: 3, lane: .parked) { enrollment in
            enrollment.status = .finished
            enrollment.node = 2
        }
        ended.ended = .at(5)
        try session.update(ended)
        try session.put(
            StoredMessage(
                address: MessageAddress(enrollment: 2, node: 0, variant: 0), state: .unknown,
                channel: "sms", attempt: 1, request: "{}", seq: 6))
        for (metric, count) in [("entered", 3), ("inside", 2), ("finished", 1)] {
            session.count(workflow: 1, step: "", metric: metric, by: count)
        }
        for (metric, count) in [("sent", 1), ("unknown", 1), ("reached", 3)] {
            session.count(workflow: 1, step: "hello", metric: metric, by: count)
        }
    }

    private func writeEvents(_ session: StoreSession) {
        let events =
            [
                ("workflow.created", nil), ("enrollment.created", 1), ("enrollment.created", 2),
                ("message.sent", 1), ("enrollment.created", 3), ("message.unknown", 2),
                ("enrollment.finished", 3),
            ] as [(String, Int64?)]
        for (type, contact) in events {
            let isMessage = StoredEvent.family(of: type) == "message"
            session.append(
                type, at: 1, version: 1, contact: contact, enrollment: contact,
                body: isMessage ? #"{"step":"hello"}"# : "{}")
        }
    }
}
