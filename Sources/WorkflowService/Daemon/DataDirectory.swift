import Foundation
import PrivateFiles
import WorkflowStore
import ZeroMQ

/// The folder that belongs to one running daemon, held by a lock.
///
/// The lock is taken before any endpoint is bound: a second process that binds the same ipc path would
/// steal it in silence.
struct DataDirectory {
    /// Absolute: channels work in folders of their own, where a relative path would lead elsewhere.
    let path: String
    private let lock: Int32

    /// Makes the folder where there is none, and locks it until ``unlock()`` or the end of the process.
    init(_ path: String) throws(StartError) {
        if let aside = InterruptedRestoration.dataAside(of: path) {
            throw .restorationInterrupted(path, aside: aside)
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .dataDirectoryUnusable(path, reason: "it cannot be made")
        }
        self.path = URL(fileURLWithPath: path).path
        lock = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw .dataDirectoryUnusable(path, reason: String(cString: strerror(errno)))
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw .dataDirectoryLocked(path)
        }
    }

    /// Lets others have the folder.
    func unlock() { close(lock) }

    var database: String { "\(path)/workflows.sqlite" }

    /// Keeps all but the owner from the database, whatever the folder lets through.
    func protectDatabase() { PrivateFile.prepareDatabase(database) }

    /// The service's own key pair, which its clients know it by; made where there is none.
    func serverKeys() throws(StartError) -> CurveKeyPair {
        let path = "\(path)/server.key"
        do throws(CurveKeyFile.Failure) {
            if FileManager.default.fileExists(atPath: path) {
                guard let pair = try CurveKeyFile(path: path).pair else { throw .noKey }
                return pair
            }
            let pair = try newKeys()
            try CurveKeyFile.write(
                pair, to: path, comment: "The key pair of this workflowd, which clients know it by."
            )
            return pair
        } catch {
            throw .keyFile(path, error.message)
        }
    }

    private func newKeys() throws(CurveKeyFile.Failure) -> CurveKeyPair {
        do {
            return try CurveKeyPair()
        } catch {
            throw .unusable(error.reason)
        }
    }

    /// The working folder of `channel`, made where there is none.
    func channelFolder(_ channel: String) throws(StartError) -> String {
        let folder = "\(path)/channels/\(channel)"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .dataDirectoryUnusable(folder, reason: "it cannot be made")
        }
        return folder
    }
}
