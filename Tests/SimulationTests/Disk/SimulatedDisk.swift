import Foundation
import SeededNumbers

/// The disk under one database: it can be full, fail, be locked by somebody else, and lose its power.
///
/// SQLite writes through it, see ``SimulatedFileSystem``. It keeps what was not synced apart, so that a
/// loss of power can take any part of that away, as a real disk may.
final class SimulatedDisk {
    /// What a write or a sync comes to.
    enum Verdict { case done, full, failed }

    let folder: URL
    /// Whether files cannot grow.
    var isFull = false
    /// Whether another process holds the database.
    var isLocked = false
    /// How many of the next writes and syncs fail.
    var failures = 0
    /// How many writes and syncs are left until the power goes; nil for ever.
    var operationsLeft: Int?
    /// Whether the power has gone: nothing reaches the files any more.
    private(set) var isOff = false
    private var files: [File] = []

    /// A file and its changes since it was last synced.
    private struct File {
        let path: String
        var unsynced: [Change] = []
    }

    /// One change of a file.
    struct Change {
        let offset: Int
        let old: [UInt8]
        let new: [UInt8]
        let oldSize: Int
        let newSize: Int
    }

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("simulation-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        SimulatedFileSystem.attach(self)
    }

    /// Removes the folder; the database in it is closed.
    func remove() {
        SimulatedFileSystem.detach(self)
        try? FileManager.default.removeItem(at: folder)
    }

    var databasePath: String { folder.appendingPathComponent("workflows.sqlite").path }

    /// Whether anything is wrong with it, or soon will be.
    var isBroken: Bool {
        isOff || isFull || isLocked || failures > 0 || operationsLeft != nil
    }

    /// Everything works again, and whoever held the database has gone.
    func heal() {
        isFull = false
        isLocked = false
        failures = 0
        operationsLeft = nil
    }

    // MARK: What SQLite does

    /// The number of the file at `path`.
    func file(_ path: String) -> Int {
        if let known = files.firstIndex(where: { $0.path == path }) { return known }
        files.append(File(path: path))
        return files.count - 1
    }

    /// Whether the next write or sync succeeds; a write `grows` its file or not.
    func verdict(grows: Bool) -> Verdict {
        if let left = operationsLeft {
            operationsLeft = left - 1
            if left <= 0 { isOff = true }
        }
        if isOff { return .failed }
        if failures > 0 {
            failures -= 1
            return .failed
        }
        return grows && isFull ? .full : .done
    }

    func changed(_ file: Int, _ change: Change) { files[file].unsynced.append(change) }

    func synced(_ file: Int) { files[file].unsynced = [] }

    // MARK: Power

    /// Takes the power away at once.
    func turnOff() { isOff = true }

    /// Gives the power back, after the database was closed.
    ///
    /// Where it `losesUnsynced`, any part of what was not synced is gone; else only the process died,
    /// and what it had written is there.
    func turnOn(losesUnsynced: Bool, _ dice: Dice) throws {
        for index in files.indices {
            if losesUnsynced { try lose(files[index], dice) }
            files[index].unsynced = []
        }
        isOff = false
        heal()
    }

    private func lose(_ file: File, _ dice: Dice) throws {
        guard !file.unsynced.isEmpty, FileManager.default.fileExists(atPath: file.path) else {
            return
        }
        let url = URL(fileURLWithPath: file.path)
        var bytes = [UInt8](try Data(contentsOf: url))
        for change in file.unsynced.reversed() {
            change.undo(in: &bytes)
        }
        let survivors = dice.pick([0, 30, 70, 100])
        for change in file.unsynced where dice.chance(survivors) { change.apply(to: &bytes) }
        try Data(bytes).write(to: url)
    }
}

extension SimulatedDisk.Change {
    fileprivate func undo(in bytes: inout [UInt8]) {
        bytes.resize(to: max(bytes.count, offset + old.count))
        bytes.replaceSubrange(offset..<offset + old.count, with: old)
        bytes.resize(to: oldSize)
    }

    fileprivate func apply(to bytes: inout [UInt8]) {
        bytes.resize(to: new.isEmpty ? newSize : max(bytes.count, offset + new.count))
        bytes.replaceSubrange(offset..<offset + new.count, with: new)
    }
}

extension [UInt8] {
    fileprivate mutating func resize(to size: Int) {
        if size < count { removeLast(count - size) }
        if size > count { append(contentsOf: repeatElement(0, count: size - count)) }
    }
}
