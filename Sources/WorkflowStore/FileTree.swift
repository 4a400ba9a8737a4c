import Foundation

/// Folders and files of a backup: made for their owner alone, and on the disk before they are named.
enum FileTree {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The folder that `path` lies in.
    static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// The names in `folder`, sorted; none where it cannot be read.
    static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw BackupError.file(path, reason: "the folder cannot be made")
        }
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
        else { throw BackupError.file(path, reason: "it cannot be written") }
    }

    static func copy(_ path: String, to target: String) throws {
        do {
            try FileManager.default.copyItem(atPath: path, toPath: target)
        } catch {
            throw BackupError.file(target, reason: "it cannot be written")
        }
        try restrict(target)
    }

    /// Lets nobody but its owner read or write the file at `path`.
    static func restrict(_ path: String) throws {
        guard chmod(path, 0o600) == 0 else {
            throw BackupError.file(path, reason: String(cString: strerror(errno)))
        }
    }

    static func rename(_ path: String, to target: String) throws {
        guard Glibc.rename(path, target) == 0 else {
            throw BackupError.file(target, reason: String(cString: strerror(errno)))
        }
        try sync(parent(of: target))
    }

    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    /// Syncs every file below `folder`, then the folders themselves, innermost first.
    static func syncAll(_ folder: String) throws {
        for name in names(in: folder) {
            var isFolder: ObjCBool = false
            let path = "\(folder)/\(name)"
            _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            if isFolder.boolValue { try syncAll(path) } else { try sync(path) }
        }
        try sync(folder)
    }

    private static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw BackupError.file(path, reason: String(cString: strerror(errno)))
        }
    }
}
