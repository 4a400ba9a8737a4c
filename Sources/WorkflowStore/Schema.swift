internal import GRDB

/// The tables, and how databases of earlier programs become today's.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-spine") { db in try db.execute(sql: spine) }
        migrator.registerMigration("2-client-keys") { db in try db.execute(sql: clientKeys) }
        return migrator
    }

    /// Brings the database up to date.
    /// - Returns: the newest migration that it had been through before; nil where it is new or as new as
    ///   this program.
    static func migrate(_ queue: DatabaseQueue) throws -> String? {
        let before = try queue.read { try migrator.appliedMigrations($0).last }
        try migrator.migrate(queue)
        return before == migrator.migrations.last ? nil : before
    }

    /// Refuses a database with migrations that this program does not know.
    static func check(_ queue: DatabaseQueue) throws {
        let unknown = try queue.read { try migrator.hasBeenSuperseded($0) }
        if unknown { throw StoreError.newerSchema }
    }

    private static let clientKeys = """
        CREATE TABLE client_key (
            name TEXT PRIMARY KEY,
            public_key TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL,
            created INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    /// Moments are milliseconds since 1970 UTC.
    ///
    /// An enrollment's `lane` is 0 for the schedule, a `channel.id` for that channel's queue, -1
    /// for a halted workflow, NULL for none; only rows that wait for their turn are in the index
    /// `enrollment_due`, which is all that the scheduler reads.
    private static let spine = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

        CREATE TABLE workflow (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            public_id TEXT NOT NULL,
            state TEXT NOT NULL,
            rev INTEGER NOT NULL,
            version_id INTEGER NOT NULL DEFAULT 0,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            deleted INTEGER NOT NULL DEFAULT 0
        );
        CREATE UNIQUE INDEX workflow_public_id ON workflow (public_id) WHERE deleted = 0;

        CREATE TABLE workflow_version (
            id INTEGER PRIMARY KEY,
            workflow_id INTEGER NOT NULL REFERENCES workflow (id),
            number INTEGER NOT NULL,
            hash TEXT NOT NULL,
            definition TEXT NOT NULL,
            created INTEGER NOT NULL,
            UNIQUE (workflow_id, number)
        );

        CREATE TABLE template (
            public_id TEXT PRIMARY KEY,
            rev INTEGER NOT NULL,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            definition TEXT NOT NULL,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE contact (
            id INTEGER PRIMARY KEY,
            public_id TEXT NOT NULL UNIQUE,
            fields TEXT NOT NULL,
            suppressed_all INTEGER NOT NULL DEFAULT 0,
            suppressed_channels TEXT,
            last_signal INTEGER NOT NULL DEFAULT 0,
            erased INTEGER NOT NULL DEFAULT 0
        );

        CREATE INDEX contact_phone ON contact (json_extract(fields, '$.phone'))
            WHERE json_extract(fields, '$.phone') IS NOT NULL;
        CREATE INDEX contact_email ON contact (lower(json_extract(fields, '$.email')))
            WHERE json_extract(fields, '$.email') IS NOT NULL;

        CREATE TABLE record (
            id INTEGER PRIMARY KEY,
            type TEXT NOT NULL,
            public_id TEXT NOT NULL,
            fields TEXT NOT NULL,
            erased INTEGER NOT NULL DEFAULT 0,
            UNIQUE (type, public_id)
        );

        CREATE TABLE channel (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

        CREATE TABLE enrollment (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            workflow_id INTEGER NOT NULL,
            version_id INTEGER NOT NULL,
            contact_id INTEGER NOT NULL,
            record_id INTEGER NOT NULL,
            status INTEGER NOT NULL,
            phase INTEGER NOT NULL,
            node INTEGER NOT NULL,
            enrolled INTEGER NOT NULL,
            reached INTEGER NOT NULL,
            due INTEGER,
            lane INTEGER,
            variant INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            hold INTEGER,
            trail BLOB NOT NULL,
            exit TEXT,
            signal_floor INTEGER NOT NULL,
            ended INTEGER,
            source TEXT
        );
        CREATE INDEX enrollment_due ON enrollment (lane, due) WHERE due IS NOT NULL;
        CREATE INDEX enrollment_contact ON enrollment (contact_id, workflow_id);
        CREATE INDEX enrollment_workflow ON enrollment (workflow_id, status);
        CREATE INDEX enrollment_record ON enrollment (record_id) WHERE record_id > 0 AND status = 0;

        CREATE TABLE signal (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            contact_id INTEGER NOT NULL,
            record_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            at INTEGER NOT NULL,
            data TEXT NOT NULL,
            enrollment_id INTEGER
        );
        CREATE INDEX signal_contact ON signal (contact_id);

        CREATE TABLE signal_id (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX signal_id_at ON signal_id (at);

        CREATE TABLE message (
            enrollment_id INTEGER NOT NULL,
            node INTEGER NOT NULL,
            variant INTEGER NOT NULL,
            state INTEGER NOT NULL,
            channel TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            request TEXT,
            seq INTEGER,
            PRIMARY KEY (enrollment_id, node, variant)
        ) WITHOUT ROWID;
        CREATE INDEX message_open ON message (channel, state) WHERE state <= 1;

        CREATE TABLE history (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            prev INTEGER NOT NULL,
            type TEXT NOT NULL,
            at INTEGER NOT NULL,
            version_id INTEGER,
            contact_id INTEGER,
            record_id INTEGER,
            enrollment_id INTEGER,
            body TEXT NOT NULL
        );
        CREATE INDEX history_contact ON history (contact_id) WHERE contact_id IS NOT NULL;
        CREATE INDEX history_version ON history (version_id) WHERE version_id IS NOT NULL;

        CREATE TABLE family (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;

        CREATE TABLE statistic (
            workflow_id INTEGER NOT NULL,
            step TEXT NOT NULL,
            metric TEXT NOT NULL,
            count INTEGER NOT NULL,
            PRIMARY KEY (workflow_id, step, metric)
        ) WITHOUT ROWID;

        CREATE TABLE idempotency (
            key TEXT PRIMARY KEY,
            command TEXT NOT NULL,
            reply TEXT NOT NULL,
            at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX idempotency_at ON idempotency (at);
        """
}
