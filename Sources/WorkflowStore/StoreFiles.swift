import Foundation

/// What the database takes on its disk, and what is left there.
public struct StoreFiles: Hashable, Sendable {
    /// Bytes of the database's file.
    public let databaseBytes: Int64
    /// Bytes of the write-ahead log.
    public let logBytes: Int64
    /// Bytes that are free for this process on the file system; nil where it does not say.
    public let freeBytes: Int64?

    /// Looks at the database at `path`; what is not there takes nothing.
    public init(path: String) {
        databaseBytes = Self.size(path)
        logBytes = Self.size(path + "-wal")
        var system = statvfs()
        freeBytes =
            statvfs(path, &system) == 0
            ? Int64(clamping: UInt64(system.f_bavail) * UInt64(system.f_frsize)) : nil
    }

    private static func size(_ path: String) -> Int64 {
        var file = stat()
        return stat(path, &file) == 0 ? Int64(file.st_size) : 0
    }
}
