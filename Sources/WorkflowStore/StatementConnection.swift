import Foundation
internal import GRDB
internal import GRDBSQLite

/// A value that a statement can be given.
protocol Bindable {
    /// Binds the value to parameter `index`, from 1.
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32
}

/// SQLite copies what it is bound: the value may go before the statement is stepped.
private let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

extension Int64: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, self)
    }
}

extension Int: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, Int64(self))
    }
}

extension Bool: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        sqlite3_bind_int64(statement, index, self ? 1 : 0)
    }
}

extension String: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                sqlite3_bind_text(
                    statement, index, characters.baseAddress, Int32(characters.count), copies)
            }
        }
    }
}

extension Data: Bindable {
    func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        withUnsafeBytes { bytes in
            bytes.isEmpty
                ? sqlite3_bind_zeroblob(statement, index, 0)
                : sqlite3_bind_blob(statement, index, bytes.baseAddress, Int32(bytes.count), copies)
        }
    }
}

/// The columns of the row that a statement stands at, by position from 0.
///
/// It must not outlive the closure that it was given to.
struct Columns {
    fileprivate let statement: OpaquePointer

    subscript(_ index: Int32) -> Int64 { sqlite3_column_int64(statement, index) }
    subscript(_ index: Int32) -> Int { Int(sqlite3_column_int64(statement, index)) }
    subscript(_ index: Int32) -> Bool { sqlite3_column_int64(statement, index) != 0 }

    subscript(_ index: Int32) -> String {
        guard let text = sqlite3_column_text(statement, index) else { return "" }
        let bytes = UnsafeBufferPointer(
            start: text, count: Int(sqlite3_column_bytes(statement, index)))
        return String(decoding: bytes, as: UTF8.self)
    }

    subscript(_ index: Int32) -> Data {
        guard let bytes = sqlite3_column_blob(statement, index) else { return Data() }
        return Data(bytes: bytes, count: Int(sqlite3_column_bytes(statement, index)))
    }

    subscript(_ index: Int32) -> Int64? { isNull(index) ? nil : self[index] as Int64 }
    subscript(_ index: Int32) -> Int? { isNull(index) ? nil : self[index] as Int }
    subscript(_ index: Int32) -> String? { isNull(index) ? nil : self[index] as String }

    private func isNull(_ index: Int32) -> Bool {
        sqlite3_column_type(statement, index) == SQLITE_NULL
    }
}

/// Runs statements by SQLite's own interface.
///
/// GRDB opens, migrates, prepares and commits. Its rows and arguments cost more than the statements
/// themselves where a turn runs thousands of them, so binding and reading columns is done here.
struct StatementConnection {
    let db: Database
    let statements: StatementDirectory

    /// Whether a transaction is open; where the disk is full, SQLite may have rolled it back by itself.
    var isInTransaction: Bool { db.isInsideTransaction }

    /// Executes a statement that is prepared once.
    ///
    /// Returns how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ arguments: [(any Bindable)?] = []) throws -> Int {
        try step(sql, arguments) { _ in }
        return Int(sqlite3_changes(db.sqliteConnection))
    }

    /// What `map` makes of the first row, or nil.
    func row<T>(_ sql: String, _ arguments: [(any Bindable)?] = [], _ map: (Columns) throws -> T)
        throws
        -> T?
    {
        var result: T?
        try step(sql, arguments) { columns in
            if result == nil { result = try map(columns) }
        }
        return result
    }

    /// What `map` makes of each row.
    func rows<T>(_ sql: String, _ arguments: [(any Bindable)?] = [], _ map: (Columns) throws -> T)
        throws
        -> [T]
    {
        var results: [T] = []
        try step(sql, arguments) { results.append(try map($0)) }
        return results
    }

    /// What `map` makes of the rows, up to the first with which their `size` exceeds `largest`.
    func rows<T>(
        _ sql: String, _ arguments: [(any Bindable)?], upTo largest: Int, size: (T) -> Int,
        _ map: (Columns) throws -> T
    ) throws -> [T] {
        var results: [T] = []
        var sum = 0
        try step(sql, arguments, while: { sum <= largest }) { columns in
            let result = try map(columns)
            sum += size(result)
            results.append(result)
        }
        return results
    }

    /// Reads rows for as long as `goesOn` says of one that the next is to be read.
    func rows(
        _ sql: String, _ arguments: [(any Bindable)?] = [], while goesOn: (Columns) throws -> Bool
    ) throws {
        var isOver = false
        try step(sql, arguments, while: { !isOver }) { isOver = try !goesOn($0) }
    }

    /// The first column of the first row as an integer; nil where it is NULL or there is no row.
    func integer(_ sql: String, _ arguments: [(any Bindable)?] = []) throws -> Int64? {
        try row(sql, arguments) { $0[0] as Int64? } ?? nil
    }

    /// The first column of the first row as text; nil where it is NULL or there is no row.
    func text(_ sql: String, _ arguments: [(any Bindable)?] = []) throws -> String? {
        try row(sql, arguments) { $0[0] as String? } ?? nil
    }

    /// The number that the last insertion gave its row.
    var lastInsertedID: Int64 { sqlite3_last_insert_rowid(db.sqliteConnection) }

    private func step(
        _ sql: String, _ arguments: [(any Bindable)?], while goesOn: () -> Bool = { true },
        _ body: (Columns) throws -> Void
    ) throws {
        let statement = try statements.prepared(sql, in: db)
        defer { sqlite3_reset(statement) }
        for (index, argument) in arguments.enumerated() {
            let position = Int32(index + 1)
            let code =
                argument.map { $0.bind(to: statement, at: position) }
                ?? sqlite3_bind_null(statement, position)
            try check(code)
        }
        while goesOn() {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { return try check(code) }
            try body(Columns(statement: statement))
        }
    }

    private func check(_ code: Int32) throws {
        guard code != SQLITE_OK else { return }
        throw DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(db.sqliteConnection)),
            message: sqlite3_errmsg(db.sqliteConnection).map { String(cString: $0) })
    }
}

/// Statements over rows that may have newer images in the working set: those are written first.
extension StoreSession {
    /// Executes a statement that writes; see ``StatementConnection/run(_:_:)``.
    ///
    /// Where an attempt is open, a savepoint stands before it.
    @discardableResult
    func run(_ sql: String, _ arguments: [(any Bindable)?] = []) throws -> Int {
        try working.prepareToWrite(self)
        let changes = try connection.run(sql, arguments)
        if changes > 0 { working.top.wroteByStatement() }
        return changes
    }

    /// What `map` makes of the first row, or nil.
    func row<T>(_ sql: String, _ arguments: [(any Bindable)?] = [], _ map: (Columns) throws -> T)
        throws -> T?
    {
        try working.writeOut(self)
        return try connection.row(sql, arguments, map)
    }

    /// What `map` makes of each row.
    func rows<T>(_ sql: String, _ arguments: [(any Bindable)?] = [], _ map: (Columns) throws -> T)
        throws -> [T]
    {
        try working.writeOut(self)
        return try connection.rows(sql, arguments, map)
    }

    /// See ``StatementConnection/rows(_:_:upTo:size:_:)``.
    func rows<T>(
        _ sql: String, _ arguments: [(any Bindable)?], upTo largest: Int, size: (T) -> Int,
        _ map: (Columns) throws -> T
    ) throws -> [T] {
        try working.writeOut(self)
        return try connection.rows(sql, arguments, upTo: largest, size: size, map)
    }

    /// See ``StatementConnection/rows(_:_:while:)``.
    func rows(
        _ sql: String, _ arguments: [(any Bindable)?] = [], while goesOn: (Columns) throws -> Bool
    ) throws {
        try working.writeOut(self)
        try connection.rows(sql, arguments, while: goesOn)
    }

    /// The first column of the first row as an integer; nil where it is NULL or there is no row.
    func integer(_ sql: String, _ arguments: [(any Bindable)?] = []) throws -> Int64? {
        try working.writeOut(self)
        return try connection.integer(sql, arguments)
    }
}

/// The statements that are prepared already, by their text.
///
/// A statement that is being stepped is not given out a second time: no closure that reads rows runs
/// the same statement again.
final class StatementDirectory {
    private var statements: [String: Statement] = [:]

    /// Lets go of all statements, so that the database can be closed.
    func removeAll() { statements = [:] }

    func prepared(_ sql: String, in db: Database) throws -> OpaquePointer {
        if let statement = statements[sql] { return statement.sqliteStatement }
        let statement = try db.makeStatement(sql: sql)
        statements[sql] = statement
        return statement.sqliteStatement
    }
}
