import ChannelJournal
import Foundation
import GRDB
import Synchronization

/// A folder with a journal that is opened and let go again and again, as by one process after the other.
final class JournalPlace: Sendable {
    let folder: URL
    private let time = Mutex(Int64(1_800_000_000_000))

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "journal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var path: String { folder.appendingPathComponent("journal.sqlite").path }

    /// Lets real time pass.
    func advance(by days: Int) { time.withLock { $0 += Int64(days) * 86_400_000 } }

    func journal(patience: Duration = .zero) throws -> SendJournal {
        try SendJournal(path: path, patience: patience) { [self] in
            time.withLock { $0 }
        }
    }

    func open(_ body: (SendJournal) throws -> Void) throws { try body(try journal()) }

    /// Takes the table away from under an open journal.
    func breakSchema() throws {
        try DatabaseQueue(path: path).write { try $0.execute(sql: "DROP TABLE send") }
    }
}
