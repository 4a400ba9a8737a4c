import Foundation

/// A note beside a data directory for the time in which it is not there: between the two steps of a
/// restoration on a file system that cannot exchange two folders in one.
///
/// A service that started then would make an empty directory, and go on as if nothing had ever been.
public enum InterruptedRestoration {
    private static func note(_ data: String) -> String { "\(data).restoring" }

    /// Where the data are that belong into `data`, if a restoration was cut off between its steps.
    public static func dataAside(of data: String) -> String? {
        let data = FileTree.resolved(data)
        guard !FileTree.exists("\(data)/\(Backup.database)"),
            let text = FileManager.default.contents(atPath: note(data))
        else { return nil }
        return String(decoding: text, as: UTF8.self)
    }

    /// On return the note is on the disk.
    static func begin(_ data: String, aside: String) throws {
        let place = URL(fileURLWithPath: aside).path
        try FileTree.write(Array(place.utf8), to: note(data))
        try FileTree.sync(note(data))
        try FileTree.sync(FileTree.parent(of: data))
    }

    /// Removes the note, if there is one.
    static func end(_ data: String) {
        guard FileTree.exists(note(data)) else { return }
        FileTree.remove(note(data))
        try? FileTree.sync(FileTree.parent(of: data))
    }
}
