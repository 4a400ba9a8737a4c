import GRDB
import Testing
import WorkflowModel

@testable import WorkflowStore

/// What a migration once did, it does for ever: databases in the field have been through it.
struct MigrationTests {
    /// The schema behind each migration, as a hash of its statements.
    ///
    /// A new migration gets its line when it is released; no line changes after that. How a database of
    /// the program before it is kept is told in Tests/Operations/old_databases.py.
    private static let released = [
        "1-spine": "02a9708183f41e4e2b49fe720e581ddf",
        "2-client-keys": "1d4445e3f2626a866030f07a235a80c7",
    ]

    @Test func noReleasedMigrationEverChanges() throws {
        let queue = try DatabaseQueue()
        for name in Schema.migrator.migrations {
            try Schema.migrator.migrate(queue, upTo: name)
            let statements = try queue.read { db in
                try String.fetchAll(
                    db, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
            }
            let hash = ContentHash.text(of: statements.joined(separator: "\n"))
            #expect(hash == Self.released[name], "\(name)")
        }
        #expect(Set(Schema.migrator.migrations) == Set(Self.released.keys))
    }
}
