import Foundation
import Testing
import WorkflowModel
import WorkflowStore

/// A folder of its own for one test's database; it is removed when nobody holds it any more.
final class Scratch {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The database's file.
    var file: String { folder.appending(path: "workflows.db").path(percentEncoded: false) }

    /// Opens the database.
    func open() throws -> Store { try Store(path: file) }
}

extension Instant {
    /// The moment `seconds` after the beginning of 2026.
    static func at(_ seconds: Int) -> Instant {
        Instant(milliseconds: 1_767_225_600_000) + .seconds(seconds)
    }
}

extension StoreSession {
    /// Stores an active enrollment that waits in `lane` for `due`.
    @discardableResult
    func enroll(
        workflow: Int64 = 1, contact: Int64 = 1, record: Int64 = 0, due: Instant? = nil,
        lane: Enrollment.Lane = .schedule, _ change: (inout Enrollment) -> Void = { _ in }
    ) throws -> StoredEnrollment {
        let new = NewEnrollment(
            workflow: workflow, version: 1, contact: contact, record: record, source: nil)
        var stored = try insert(new) { Enrollment(id: $0, enrolled: .at(0), signalFloor: 0) }
        stored.enrollment.due = due
        stored.enrollment.lane = lane
        change(&stored.enrollment)
        try update(stored)
        return stored
    }

    /// Appends an event to the history.
    @discardableResult
    func append(
        _ type: String = "message.sent", at seconds: Int = 0, version: Int64? = nil,
        contact: Int64? = nil, record: Int64? = nil, enrollment: Int64? = nil, body: String = "{}"
    ) -> Int64 {
        append(family: StoredEvent.family(of: type)) { seq, prev in
            StoredEvent(
                seq: seq, prev: prev, type: type, at: .at(seconds), version: version,
                contact: contact, record: record, enrollment: enrollment, body: body)
        }.seq
    }

    /// The positions that pass `filter`.
    func positions(_ filter: HistoryFilter = HistoryFilter()) throws -> [Int64] {
        try events(filter, after: 0, limit: 1_000).map(\.seq)
    }
}

/// What tests throw to have something undone.
struct Undo: Error {}
