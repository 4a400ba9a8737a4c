internal import GRDB

/// What can be wrong with the database, in words without any of its contents.
public enum StoreError: Error, Sendable {
    /// The disk, or the quota, is full.
    case full
    /// The file or its folder cannot be written.
    case readOnly
    /// Another process holds the database.
    case busy
    /// The file is no database, or damaged.
    case corrupt(String)
    /// The file at the database's path is not the one that was opened.
    case takenAway
    /// A later version of the program wrote it.
    case newerSchema
    /// Reading or writing failed.
    case failed(code: Int, String)
    /// What the body of a transaction threw.
    case body(any Error)

    /// Whether room on the disk is all that is missing.
    public var isFull: Bool { if case .full = self { true } else { false } }

    /// Whether something that was written breaks a rule of the database: a fault of what was decided, not of
    /// the store.
    public var breaksRule: Bool {
        guard case .failed(let code, _) = self else { return false }
        return code & 0xff == Int(ResultCode.SQLITE_CONSTRAINT.rawValue)
    }

    static func translating<T>(_ body: () throws -> T) throws(StoreError) -> T {
        do {
            return try body()
        } catch let error as StoreError {
            throw error
        } catch let error as DatabaseError {
            throw StoreError(error)
        } catch {
            throw .body(error)
        }
    }

    init(_ error: DatabaseError) {
        let message = error.message ?? "no message"
        switch error.resultCode {
        case .SQLITE_FULL: self = .full
        // The index of the log could not grow.
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE: self = .full
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN: self = .readOnly
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(message)
        default: self = .failed(code: Int(error.extendedResultCode.rawValue), message)
        }
    }
}

extension StoreError {
    /// `error` as a store's error, or nil where it is of another kind.
    ///
    /// A constraint that does not hold is a fault of the command that wrote, not of the store: what it
    /// wrote can be undone by itself.
    public init?(_ error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError:
            guard error.resultCode != .SQLITE_CONSTRAINT else { return nil }
            self.init(error)
        default: return nil
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// What is wrong, in a few words for an operator.
    public var description: String {
        switch self {
        case .full: "the disk is full"
        case .readOnly: "its file or folder cannot be written"
        case .busy: "another process holds the database"
        case .corrupt(let words): "the database is damaged: \(words)"
        case .takenAway: "the database's file was moved, removed or replaced"
        case .newerSchema: "a later version wrote it"
        case .failed(let code, let words): "SQLite's code \(code): \(words)"
        case .body(let error): "\(type(of: error))"
        }
    }
}
