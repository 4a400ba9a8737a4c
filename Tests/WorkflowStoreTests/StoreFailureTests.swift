import Foundation
import GRDB
import Testing
import WorkflowModel

@testable import WorkflowStore

/// What a store does whose files are taken away or are not what they should be.
struct StoreFailureTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func failure(_ body: () throws -> Void) -> StoreError? {
        do {
            try body()
            return nil
        } catch {
            return StoreError(error)
        }
    }

    @Test(arguments: ["", "-wal"])
    func aFileThatWasMovedIsMissedUntilItIsBack(_ ending: String) throws {
        let store = try scratch.open()
        try store.transaction { try $0.setMeta("a", "1") }
        try FileManager.default.moveItem(atPath: scratch.file + ending, toPath: scratch.file + ".x")
        var ran = false
        let error = failure { try store.transaction { _ in ran = true } }
        guard case .takenAway? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!ran)
        #expect(try store.reading { try $0.meta("a") } == "1")
        try FileManager.default.moveItem(atPath: scratch.file + ".x", toPath: scratch.file + ending)
        try store.transaction { try $0.setMeta("a", "2") }
        #expect(try store.reading { try $0.meta("a") } == "2")
    }

    @Test func aStoreWhoseFilesWereReplacedTakesNothingFromTheOthersWhenItCloses() throws {
        let store = try scratch.open()
        try store.transaction { try $0.setMeta("a", "1") }
        for ending in ["", "-wal"] {
            let path = scratch.file + ending
            let bytes = try #require(FileManager.default.contents(atPath: path))
            try FileManager.default.removeItem(atPath: path)
            try bytes.write(to: URL(filePath: path))
        }
        let log = FileManager.default.contents(atPath: scratch.file + "-wal")
        try store.close()
        #expect(FileManager.default.contents(atPath: scratch.file + "-wal") == log)
        #expect(try scratch.open().reading { try $0.meta("a") } == "1")
    }

    @Test func readingGoesOnWhileAnotherProcessWrites() throws {
        let store = try scratch.open()
        try store.transaction { try $0.setMeta("a", "1") }
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: scratch.file, configuration: configuration)
        try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        #expect(try store.reading { try $0.meta("a") } == "1")
        try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
    }

    // MARK: The log, before it is opened

    private func inspection(log: Data?, database: Data? = Data("x".utf8)) throws -> StoreError? {
        let files = [("", database), ("-wal", log)]
        for (ending, bytes) in files { try bytes?.write(to: URL(filePath: scratch.file + ending)) }
        return failure { try LogInspection(path: scratch.file).check() }
    }

    @Test func logsThatNeverBeganAreNone() throws {
        #expect(try inspection(log: nil) == nil)
        #expect(try inspection(log: Data()) == nil)
        #expect(try inspection(log: Data(count: 32)) == nil)
        #expect(try inspection(log: Data(repeating: 7, count: 20)) == nil)
    }

    @Test func aLogNeedsItsDatabase() throws {
        #expect(try inspection(log: Data(count: 32), database: nil) != nil)
        #expect(try inspection(log: Data(count: 32), database: Data()) != nil)
    }

    @Test func eachBitOfTheHeaderCounts() throws {
        let store = try scratch.open()
        try store.transaction { try $0.setMeta("a", "1") }
        let log = try #require(FileManager.default.contents(atPath: scratch.file + "-wal"))
        let copy = scratch.file + ".copy"
        try Data("x".utf8).write(to: URL(filePath: copy))
        for bit in 0..<256 {
            var bytes = log
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            try bytes.write(to: URL(filePath: copy + "-wal"))
            #expect(failure { try LogInspection(path: copy).check() } != nil, "bit \(bit)")
        }
        try log.write(to: URL(filePath: copy + "-wal"))
        #expect(failure { try LogInspection(path: copy).check() } == nil)
    }
}
