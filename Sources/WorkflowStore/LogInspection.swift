import Foundation

/// What can be told of a database's write-ahead log before SQLite looks at it.
///
/// SQLite takes a log that it cannot read as an empty one, and removes one that has no database: what was
/// stored last would be missing, and nobody would know.
struct LogInspection {
    /// The path of the database.
    let path: String

    /// Throws where the log is no log, or its database is missing.
    func check() throws(StoreError) {
        guard size(path + "-wal") > 0 else { return }
        guard size(path) > 0 else {
            throw .corrupt(
                "there is a write-ahead log, \(name)-wal, and no database that it belongs to")
        }
        guard let header, !header.isSound else { return }
        throw .corrupt(
            "its write-ahead log, \(name)-wal, is damaged, and what was stored last stands in it alone"
        )
    }

    private var name: Substring {
        path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    }

    private func size(_ path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// Nil where the log ends before its header does: nothing was stored in it yet.
    private var header: LogHeader? {
        let file = FileHandle(forReadingAtPath: path + "-wal")
        guard let bytes = try? file?.read(upToCount: 32), bytes.count == 32 else { return nil }
        return LogHeader(bytes: Array(bytes))
    }
}

/// The first 32 bytes of a write-ahead log.
///
/// Source: https://www.sqlite.org/fileformat.html#walformat
private struct LogHeader {
    let bytes: [UInt8]

    /// Whether it is one, or nothing but zeros: the power failed before the first was on the disk.
    var isSound: Bool {
        if bytes.allSatisfy({ $0 == 0 }) { return true }
        let magic = word(0, bigEndian: true)
        guard magic & 0xFFFF_FFFE == 0x377F_0682 else { return false }
        let sums = checksum(bigEndian: magic & 1 == 1)
        return sums.0 == word(24, bigEndian: true) && sums.1 == word(28, bigEndian: true)
    }

    private func checksum(bigEndian: Bool) -> (UInt32, UInt32) {
        var sums = (UInt32(0), UInt32(0))
        for offset in stride(from: 0, to: 24, by: 8) {
            sums.0 &+= word(offset, bigEndian: bigEndian) &+ sums.1
            sums.1 &+= word(offset + 4, bigEndian: bigEndian) &+ sums.0
        }
        return sums
    }

    private func word(_ offset: Int, bigEndian: Bool) -> UInt32 {
        let four = bytes[offset..<offset + 4]
        let ordered = bigEndian ? Array(four) : four.reversed()
        return ordered.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
