import Foundation
import JSONLines
import PrivateFiles
public import WorkflowModel

/// A copy of a data directory: the service's database, then the journals of its channels.
///
/// In this order a message that a channel sent in between is in its journal, so that it is known and not
/// sent again; in the other order it would not be. The service's own key goes with it, so that clients know
/// the service again. What channels keep in other files, such as an outbox, is no part of it, nor are
/// configurations.
public struct Backup {
    /// The folder of the backup.
    public let folder: String
    /// When it was begun.
    public let at: Instant
    /// The feed's last position in it.
    public let head: Int64
    /// Its databases, by their paths below the folder.
    public let files: [String]

    private init(folder: String, at: Instant, head: Int64, files: [String]) {
        self.folder = folder
        self.at = at
        self.head = head
        self.files = files
    }

    static let database = "workflows.sqlite"
    static let manifest = "backup.json"
    /// The service's own pair of keys; there only where an endpoint asks for keys.
    static let serverKey = "server.key"
    static let format: Int64 = 1

    /// Copies the data directory `data` into the new folder `target`, while its service may run.
    ///
    /// On return every copy was checked and is on the disk. The folder appears under its name only
    /// then, so that a backup that is there is whole.
    /// - Throws: ``BackupError``; then `target` is not there.
    public static func make(of data: String, to target: String, at now: Instant)
        throws(BackupError) -> Backup
    {
        guard !FileTree.exists(target) else { throw .targetTaken(target) }
        guard FileTree.exists("\(data)/\(database)") else { throw .noData(data) }
        let partial = "\(target).partial-\(RandomName.make(6))"
        do {
            let copied = try copyAll(of: data, to: partial)
            let backup = Backup(folder: target, at: now, head: copied.head, files: copied.files)
            try FileTree.write(backup.manifestBytes, to: "\(partial)/\(manifest)")
            try FileTree.syncAll(partial)
            try FileTree.rename(partial, to: target)
            return backup
        } catch {
            FileTree.remove(partial)
            throw BackupError(error, path: data)
        }
    }

    /// Copies the database first, then every journal.
    private static func copyAll(of data: String, to target: String) throws -> (
        head: Int64, files: [String]
    ) {
        try copy(database, from: data, to: target)
        let head = try DatabaseCopy.facts("\(target)/\(database)").head
        let journals = try journals(of: data)
        for journal in journals { try copy(journal, from: data, to: target) }
        try copyServerKey(from: data, to: target)
        return (head, [database] + journals)
    }

    /// Reads what the backup in `folder` says of itself.
    /// - Throws: ``BackupError/noBackup(_:)``, ``BackupError/newer(_:)``.
    public init(folder: String) throws(BackupError) {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(Self.manifest)"),
            let json = try? JSON(parsing: data), let format = json["format"]?.integer,
            let at = json["at"]?.string.flatMap(Instant.init(rfc3339:)),
            let files = json["files"]?.array?.compactMap(\.string), files.first == Self.database
        else { throw .noBackup(folder) }
        guard format <= Self.format else { throw .newer(folder) }
        guard files.allSatisfy({ FileTree.exists("\(folder)/\($0)") && !$0.contains("..") }) else {
            throw .noBackup(folder)
        }
        self.init(folder: folder, at: at, head: json["head"]?.integer ?? 0, files: files)
    }

    /// The journals of the channels in `data`, by their paths below it.
    static func journals(of data: String) throws -> [String] {
        try FileTree.names(in: "\(data)/channels").flatMap { channel in
            try FileTree.names(in: "\(data)/channels/\(channel)").filter { $0.hasSuffix(".sqlite") }
                .map { "channels/\(channel)/\($0)" }
        }
    }

    private static func copy(_ file: String, from data: String, to target: String) throws {
        let copy = "\(target)/\(file)"
        try FileTree.makeFolder(FileTree.parent(of: copy))
        PrivateFile.prepare(copy)
        try DatabaseCopy.write("\(data)/\(file)", to: copy)
        try DatabaseCopy.check(copy)
        if file == database { try DatabaseCopy.checkSchema(copy) }
    }

    static func copyServerKey(from data: String, to target: String) throws {
        guard FileTree.exists("\(data)/\(serverKey)") else { return }
        try FileTree.copy("\(data)/\(serverKey)", to: "\(target)/\(serverKey)")
    }

    private var manifestBytes: [UInt8] {
        let json: JSON = [
            "format": .integer(Self.format), "at": .string(at.rfc3339), "head": .integer(head),
            "files": .array(files.map(JSON.string)),
        ]
        return json.bytes + [0x0A]
    }
}

extension BackupError {
    /// Whatever went wrong with the files at `path`.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as BackupError: self = error
        case StoreError.newerSchema: self = .newer(path)
        default:
            switch StoreError(error) {
            case .corrupt?: self = .damaged(path)
            case .full?: self = .file(path, reason: "there is no room for the copy")
            case .busy?: self = .file(path, reason: "another program holds its database")
            case let other?: self = .file(path, reason: "the database failed (\(other))")
            case nil: self = .file(path, reason: "\(type(of: error))")
            }
        }
    }
}
