internal import GRDB

/// Looks for damage in a database: SQLite's own checks, and what the service holds to be true of its data;
/// in the journals of channels beside it, SQLite's alone.
///
/// It only reads, one snapshot, and may run while the service writes; the service's log cannot be
/// shortened meanwhile. Its time grows with the size of the database.
public struct IntegrityCheck {
    private let folder: String
    private let path: String

    /// A check of the database in the data directory, or the backup, at `folder`.
    /// - Throws: ``BackupError/noData(_:)`` where there is none.
    public init(folder: String) throws(BackupError) {
        self.folder = folder
        path = "\(folder)/\(Backup.database)"
        guard FileTree.exists(path) || FileTree.exists(path + "-wal") else { throw .noData(folder) }
    }

    /// Everything that is checked, in the order of the report.
    static let rules =
        FileRules.all + FeedRules.all + DefinitionRules.all + ReferenceRules.all
        + EnrollmentRules.all + MessageRules.all + StatisticRules.all

    private static let journals = "journal.pages"

    /// Makes all checks.
    /// - Throws: ``BackupError`` where the file cannot be looked at at all: it is held by another program,
    ///   or a later version wrote it.
    public func run() throws(BackupError) -> IntegrityReport {
        do {
            try LogInspection(path: path).check()
            return try report()
        } catch {
            switch StoreError(error) {
            case .corrupt(let words)?: return unreadable(words)
            case .some, nil: throw BackupError(error, path: path)
            }
        }
    }

    private func report() throws -> IntegrityReport {
        let queue = try open(path)
        defer { try? queue.close() }
        try Schema.check(queue)
        var report: IntegrityReport?
        do {
            try queue.read { report = try self.report($0) }
        } catch {
            // Damaged pages end the snapshot with an error of its own, and that they are damaged is found.
            guard report?.isSound == false else { throw error }
        }
        guard let report else { preconditionFailure("A read that succeeds has a report.") }
        return report
    }

    private func report(_ db: Database) throws -> IntegrityReport {
        let isOurs = try db.tableExists("meta") && db.tableExists("history")
        guard isOurs else { throw StoreError.corrupt("it has no history") }
        return IntegrityReport(
            path: path, checks: Self.rules.map(\.check) + [IntegrityCheck.journals],
            findings: Self.rules.compactMap { $0.finding(in: db) } + (try journalFindings()),
            head: number(db, "SELECT seq FROM sqlite_sequence WHERE name = 'history'"),
            enrollments: number(db, "SELECT count(*) FROM enrollment"))
    }

    private func journalFindings() throws -> [IntegrityReport.Finding] {
        let damaged = try Backup.journals(of: folder).filter {
            !isSound(journal: "\(folder)/\($0)")
        }
        guard !damaged.isEmpty else { return [] }
        let finding = IntegrityReport.Finding(
            check: IntegrityCheck.journals, count: damaged.count,
            examples: Array(damaged.prefix(5)),
            problem: "SQLite finds journals of channels damaged.",
            meaning: "These channels do not start, or know less of what they sent.",
            cure: "Stop the service and restore the last sound backup, or move the journal away: "
                + "then messages in doubt of that channel may go twice.")
        return [finding]
    }

    private func isSound(journal: String) -> Bool {
        guard let queue = try? open(journal) else { return false }
        defer { try? queue.close() }
        let complaint = try? queue.read {
            try String.fetchOne($0, sql: "PRAGMA integrity_check(1)")
        }
        return complaint == "ok"
    }

    private func number(_ db: Database, _ sql: String) -> Int64 {
        (try? Int64.fetchOne(db, sql: sql)).flatMap { $0 } ?? 0
    }

    /// It changes nothing: opened for reading alone, SQLite leaves the log of a service that was killed
    /// where it is.
    private func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(30)
        configuration.label = "integrity"
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// The report on a file that SQLite does not open.
    private func unreadable(_ words: String) -> IntegrityReport {
        let finding = IntegrityReport.Finding(
            check: "file.readable", count: 1, examples: [],
            problem: "It cannot be opened: \(words).",
            meaning: "No service starts with it.", cure: .restoreCure)
        return IntegrityReport(
            path: path, checks: ["file.readable"], findings: [finding], head: 0, enrollments: 0)
    }
}
