import Foundation
import GRDBSQLite

/// SQLite's file system with a ``SimulatedDisk`` below the databases that lie on one; all others go
/// straight to the real files.
///
/// It is a "shim" as in https://www.sqlite.org/vfs.html, registered as the process's default.
enum SimulatedFileSystem {
    private static let lock = NSLock()
    nonisolated(unsafe) private static var disks: [String: SimulatedDisk] = [:]

    static func attach(_ disk: SimulatedDisk) {
        lock.withLock {
            register()
            disks[disk.folder.path] = disk
        }
    }

    static func detach(_ disk: SimulatedDisk) {
        lock.withLock { disks[disk.folder.path] = nil }
    }

    fileprivate static func disk(of path: String) -> SimulatedDisk? {
        let folder = (path as NSString).deletingLastPathComponent
        return lock.withLock { disks[folder] }
    }

    // MARK: Registration

    nonisolated(unsafe) private static var isRegistered = false
    nonisolated(unsafe) fileprivate static var real = UnsafeMutablePointer<sqlite3_vfs>(
        bitPattern: 0)

    private static func register() {
        guard !isRegistered, let found = sqlite3_vfs_find(nil) else { return }
        isRegistered = true
        real = found
        let shim = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        shim.initialize(to: found.pointee)
        shim.pointee.pNext = nil
        shim.pointee.zName = UnsafePointer(strdup("simulated"))
        shim.pointee.szOsFile += SimulatedFile.headerSize
        shim.pointee.xOpen = open
        shim.pointee.xDelete = delete
        sqlite3_vfs_register(shim, 1)
    }
}

/// What SQLite holds of an open file on a ``SimulatedDisk``; the real file's state lies behind it.
private struct SimulatedFile {
    var base: sqlite3_file
    var disk: Unmanaged<SimulatedDisk>
    var number: Int

    static let headerSize = Int32((MemoryLayout<SimulatedFile>.stride + 15) & ~15)
}

private typealias File = UnsafeMutablePointer<sqlite3_file>

extension UnsafeMutablePointer<sqlite3_file> {
    fileprivate var simulated: UnsafeMutablePointer<SimulatedFile> {
        UnsafeMutableRawPointer(self).assumingMemoryBound(to: SimulatedFile.self)
    }

    /// The real file.
    fileprivate var real: UnsafeMutablePointer<sqlite3_file> {
        (UnsafeMutableRawPointer(self) + Int(SimulatedFile.headerSize))
            .assumingMemoryBound(to: sqlite3_file.self)
    }

    fileprivate var disk: SimulatedDisk { simulated.pointee.disk.takeUnretainedValue() }
    fileprivate var number: Int { simulated.pointee.number }

    fileprivate var size: Int {
        var size: sqlite3_int64 = 0
        _ = real.pointee.pMethods.pointee.xFileSize(real, &size)
        return Int(size)
    }

    /// The `count` bytes from `offset` on, as many as there are.
    fileprivate func bytes(_ count: Int, at offset: Int, of size: Int) -> [UInt8] {
        let present = max(0, min(count, size - offset))
        var bytes = [UInt8](repeating: 0, count: present)
        guard present > 0 else { return [] }
        _ = real.pointee.pMethods.pointee.xRead(
            real, &bytes, Int32(present), sqlite3_int64(offset))
        return bytes
    }
}

// MARK: The file system's functions

private let open:
    @convention(c) (
        UnsafeMutablePointer<sqlite3_vfs>?, sqlite3_filename?, UnsafeMutablePointer<sqlite3_file>?,
        Int32, UnsafeMutablePointer<Int32>?
    ) -> Int32 = { _, path, file, flags, outFlags in
        guard let real = SimulatedFileSystem.real, let file else { return SQLITE_CANTOPEN }
        guard let path, let disk = SimulatedFileSystem.disk(of: String(cString: path)) else {
            return real.pointee.xOpen(real, path, file, flags, outFlags)
        }
        file.pointee.pMethods = nil
        guard !disk.isOff else { return SQLITE_CANTOPEN }
        let result = real.pointee.xOpen(real, path, file.real, flags, outFlags)
        guard result == SQLITE_OK else { return result }
        file.simulated.pointee.disk = .passRetained(disk)
        file.simulated.pointee.number = disk.file(String(cString: path))
        file.pointee.pMethods = methods
        return SQLITE_OK
    }

private let delete:
    @convention(c) (UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, Int32) -> Int32 = {
        _, path, sync in
        guard let real = SimulatedFileSystem.real, let path else { return SQLITE_IOERR_DELETE }
        if let disk = SimulatedFileSystem.disk(of: String(cString: path)) {
            guard case .done = disk.verdict(grows: false) else { return SQLITE_IOERR_DELETE }
            disk.synced(disk.file(String(cString: path)))
        }
        return real.pointee.xDelete(real, path, sync)
    }

private let SQLITE_IOERR_DELETE = SQLITE_IOERR | (10 << 8)
private let SQLITE_IOERR_READ = SQLITE_IOERR | (1 << 8)
private let SQLITE_IOERR_WRITE = SQLITE_IOERR | (3 << 8)
private let SQLITE_IOERR_FSYNC = SQLITE_IOERR | (4 << 8)
private let SQLITE_IOERR_TRUNCATE = SQLITE_IOERR | (6 << 8)

// MARK: The functions of a file

/// The methods of a file, made once and never freed, as SQLite wants them.
nonisolated(unsafe) private let methods: UnsafePointer<sqlite3_io_methods> = {
    let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    methods.initialize(to: sqlite3_io_methods())
    // Version 2 has shared memory for the write-ahead log; version 3 would map files into memory.
    methods.pointee.iVersion = 2
    addFileMethods(methods)
    addLockMethods(methods)
    addSharedMemoryMethods(methods)
    return UnsafePointer(methods)
}()

private func addFileMethods(_ methods: UnsafeMutablePointer<sqlite3_io_methods>) {
    methods.pointee.xClose = { file in
        guard let file else { return SQLITE_OK }
        let result = file.real.pointee.pMethods.pointee.xClose(file.real)
        file.simulated.pointee.disk.release()
        return result
    }
    methods.pointee.xRead = { file, bytes, count, offset in
        guard let file, !file.disk.isOff else { return SQLITE_IOERR_READ }
        return file.real.pointee.pMethods.pointee.xRead(file.real, bytes, count, offset)
    }
    methods.pointee.xWrite = { file, bytes, count, offset in
        guard let file, let bytes else { return SQLITE_IOERR_WRITE }
        return write(file, UnsafeRawBufferPointer(start: bytes, count: Int(count)), Int(offset))
    }
    methods.pointee.xTruncate = { file, size in
        guard let file else { return SQLITE_IOERR_TRUNCATE }
        return truncate(file, to: Int(size))
    }
    methods.pointee.xSync = { file, _ in
        guard let file, case .done = file.disk.verdict(grows: false) else {
            return SQLITE_IOERR_FSYNC
        }
        file.disk.synced(file.number)
        return SQLITE_OK
    }
    methods.pointee.xFileSize = { file, size in
        guard let file else { return SQLITE_IOERR }
        return file.real.pointee.pMethods.pointee.xFileSize(file.real, size)
    }
}

private func write(_ file: File, _ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int32 {
    let size = file.size
    switch file.disk.verdict(grows: offset + bytes.count > size) {
    case .full: return SQLITE_FULL
    case .failed: return SQLITE_IOERR_WRITE
    case .done: break
    }
    file.disk.changed(
        file.number,
        SimulatedDisk.Change(
            offset: offset, old: file.bytes(bytes.count, at: offset, of: size), new: Array(bytes),
            oldSize: size, newSize: max(size, offset + bytes.count)))
    return file.real.pointee.pMethods.pointee.xWrite(
        file.real, bytes.baseAddress, Int32(bytes.count), sqlite3_int64(offset))
}

private func truncate(_ file: File, to newSize: Int) -> Int32 {
    guard case .done = file.disk.verdict(grows: false) else { return SQLITE_IOERR_TRUNCATE }
    let size = file.size
    file.disk.changed(
        file.number,
        SimulatedDisk.Change(
            offset: min(newSize, size),
            old: file.bytes(max(0, size - newSize), at: newSize, of: size),
            new: [], oldSize: size, newSize: newSize))
    return file.real.pointee.pMethods.pointee.xTruncate(file.real, sqlite3_int64(newSize))
}

private func addLockMethods(_ methods: UnsafeMutablePointer<sqlite3_io_methods>) {
    methods.pointee.xLock = { file, level in
        guard let file else { return SQLITE_IOERR }
        return file.real.pointee.pMethods.pointee.xLock(file.real, level)
    }
    methods.pointee.xUnlock = { file, level in
        guard let file else { return SQLITE_IOERR }
        return file.real.pointee.pMethods.pointee.xUnlock(file.real, level)
    }
    methods.pointee.xCheckReservedLock = { file, result in
        guard let file else { return SQLITE_IOERR }
        return file.real.pointee.pMethods.pointee.xCheckReservedLock(file.real, result)
    }
    methods.pointee.xFileControl = { file, op, argument in
        guard let file else { return SQLITE_NOTFOUND }
        return file.real.pointee.pMethods.pointee.xFileControl(file.real, op, argument)
    }
    methods.pointee.xSectorSize = { file in
        guard let file else { return 512 }
        return file.real.pointee.pMethods.pointee.xSectorSize(file.real)
    }
    methods.pointee.xDeviceCharacteristics = { file in
        guard let file else { return 0 }
        return file.real.pointee.pMethods.pointee.xDeviceCharacteristics(file.real)
    }
}

private func addSharedMemoryMethods(_ methods: UnsafeMutablePointer<sqlite3_io_methods>) {
    methods.pointee.xShmMap = { file, region, size, extend, address in
        guard let file else { return SQLITE_IOERR }
        return file.real.pointee.pMethods.pointee.xShmMap(file.real, region, size, extend, address)
    }
    methods.pointee.xShmLock = { file, offset, count, flags in
        guard let file else { return SQLITE_IOERR }
        // Lock 0 is the one for writing: https://www.sqlite.org/walformat.html#wal_locks
        let wantsToWrite =
            offset == 0 && flags == SQLITE_SHM_LOCK | SQLITE_SHM_EXCLUSIVE
        if wantsToWrite, file.disk.isLocked { return SQLITE_BUSY }
        return file.real.pointee.pMethods.pointee.xShmLock(file.real, offset, count, flags)
    }
    methods.pointee.xShmBarrier = { file in
        guard let file else { return }
        file.real.pointee.pMethods.pointee.xShmBarrier(file.real)
    }
    methods.pointee.xShmUnmap = { file, deletes in
        guard let file else { return SQLITE_OK }
        return file.real.pointee.pMethods.pointee.xShmUnmap(file.real, deletes)
    }
}
