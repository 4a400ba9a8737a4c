import ChannelJournal
import ChannelKit
import Glibc

/// A folder that gets one `.ics` file for each entry.
final class EntryFolder: EntryPlace {
    let address: String

    /// The folder at `path`.
    init(path: String) { address = path.hasSuffix("/") ? path : "\(path)/" }

    func survey() -> PlaceSurvey {
        mkdir(address, 0o700)
        guard access(address, R_OK | W_OK | X_OK) == 0 else {
            return .refused(reason: "folder: It cannot be used: \(lastError()).")
        }
        return .open(mark: nil)
    }

    /// The file appears whole, and is on the disk on return; one that staff have edited stays.
    func put(_ entry: CallEntry, begin: () throws -> Void) -> SendJournal.Sent {
        let path = address + entry.name.file
        guard access(path, F_OK) != 0 else { return .answered(.sent, reference: path) }
        let draft = "\(address).\(entry.name.file).draft"
        do {
            try begin()
        } catch {
            return .answered(.failed(.init(.config, reason: "\(error)")))
        }
        do throws(FileFailure) {
            try FileWriting.write(entry.bytes, to: draft)
            try FileWriting.publish(draft, as: path, in: address)
        } catch {
            unlink(draft)
            return .answered(.failed(error.failure))
        }
        return .answered(.sent, reference: path)
    }

    func find(_ name: EntryName) -> SendJournal.Found {
        let path = address + name.file
        if access(path, F_OK) == 0 { return .there(.sent, reference: path) }
        return isGone ? .absent : .silent(reason: "The folder cannot be read.")
    }

    /// Whether the file that was just looked for is not there, rather than the folder.
    private var isGone: Bool { errno == ENOENT && access(address, F_OK) == 0 }

    func read(_ reference: String, unlike tag: String?) -> EntrySight {
        guard let file = fopen(reference, "rbe") else {
            return isGone ? .gone : .silent
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&piece, 1, piece.count, file), count > 0 {
            bytes += piece[..<count]
            guard bytes.count <= Self.largest else { return .silent }
        }
        return ferror(file) == 0 ? .text(bytes, tag: nil) : .silent
    }

    /// No client makes an entry larger than this; whatever it is, it does not belong here.
    private static let largest = 1 << 20
}

/// Why a file was not written.
private struct FileFailure: Error {
    let code = errno

    /// A full disk may pass; what is not permitted has to be mended by a person.
    var failure: SendAnswer.Failure {
        let mayPass = [ENOSPC, EDQUOT, EIO, EMFILE, ENFILE, ENOMEM].contains(code)
        let reason = "folder: The file could not be written: \(String(cString: strerror(code)))."
        return .init(mayPass ? .transient : .config, reason: reason)
    }
}

/// Writing files so that nobody sees half of one.
private enum FileWriting {
    static func write(_ bytes: [UInt8], to path: String) throws(FileFailure) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileFailure() }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure() }
            rest = rest.dropFirst(count)
        }
        guard fsync(file) == 0 else { throw FileFailure() }
    }

    /// Gives a file its final name, and waits until the disk knows it.
    static func publish(_ draft: String, as path: String, in folder: String) throws(FileFailure) {
        guard rename(draft, path) == 0 else { throw FileFailure() }
        let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        fsync(file)
    }
}

private func lastError() -> String { String(cString: strerror(errno)) }
