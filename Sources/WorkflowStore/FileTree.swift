import CFileExchange
import Foundation

/// Folders and files of a backup: made for their owner alone, and on the disk before they are named.
enum FileTree {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// `path` without a slash at its end; where it is a link, what that leads to.
    static func resolved(_ path: String) -> String {
        var path = path
        while path.count > 1, path.last == "/" { path.removeLast() }
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
            let target = realpath(path, nil)
        else { return path }
        defer { free(target) }
        return String(cString: target)
    }

    /// The folder that `path` lies in.
    static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// The names in `folder`, sorted; none where there is no such folder.
    ///
    /// Throws where it cannot be read: what is in it must not be taken for nothing.
    static func names(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            var status = stat()
            let isThere = stat(folder, &status) == 0
            if isThere ? status.st_mode & S_IFMT != S_IFDIR : [ENOENT, ENOTDIR].contains(errno) {
                return []
            }
            throw BackupError.file(folder, reason: "the folder cannot be read")
        }
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

    /// Gives `path` the name `target`, which nothing has; on return that is on the disk.
    ///
    /// Throws where it cannot be, and then both are as they were.
    static func rename(_ path: String, to target: String) throws {
        guard Glibc.rename(path, target) == 0 else {
            throw BackupError.file(target, reason: String(cString: strerror(errno)))
        }
        do { try sync(parent(of: target)) } catch {
            _ = Glibc.rename(target, path)
            throw error
        }
    }

    /// Exchanges what the two names stand for, in one step; on return that is on the disk.
    ///
    /// Throws where it cannot be, and then both are as they were.
    /// - Returns: whether the file system can do so.
    static func exchange(_ path: String, _ other: String) throws -> Bool {
        guard exchange_names(path, other) == 0 else {
            if [EINVAL, ENOSYS, ENOTSUP].contains(errno) { return false }
            throw BackupError.file(other, reason: String(cString: strerror(errno)))
        }
        do { try sync(parent(of: path)) } catch {
            // Where even that fails they are exchanged, and only not for certain on the disk.
            if exchange_names(path, other) == 0 { throw error }
        }
        return true
    }

    /// Gives all of `folder` to the owner of `model`, where this process may: an administrator who restores
    /// is not the user that the service runs as.
    static func giveAway(_ folder: String, toOwnerOf model: String) throws {
        var status = stat()
        guard geteuid() == 0, stat(model, &status) == 0 else { return }
        guard let inside = try? FileManager.default.subpathsOfDirectory(atPath: folder) else {
            throw BackupError.file(folder, reason: "the folder cannot be read")
        }
        for path in [folder] + inside.map({ "\(folder)/\($0)" }) {
            guard lchown(path, status.st_uid, status.st_gid) == 0 else {
                throw BackupError.file(path, reason: String(cString: strerror(errno)))
            }
        }
    }

    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

    /// Syncs every file below `folder`, then the folders themselves, innermost first.
    static func syncAll(_ folder: String) throws {
        for name in try names(in: folder) {
            var isFolder: ObjCBool = false
            let path = "\(folder)/\(name)"
            _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            if isFolder.boolValue { try syncAll(path) } else { try sync(path) }
        }
        try sync(folder)
    }

    static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw BackupError.file(path, reason: String(cString: strerror(errno)))
        }
    }
}
