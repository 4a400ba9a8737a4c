internal import GRDB

/// One thing that holds in every sound database, and what to tell where it does not.
struct IntegrityRule: Sendable {
    let check: String
    let problem: String
    let meaning: String
    let cure: String
    /// Finds the places where it does not hold, in the open transaction.
    let find: @Sendable (Database) throws -> Sightings

    /// Places that a rule found.
    struct Sightings {
        private(set) var count = 0
        private(set) var examples: [String] = []

        /// How many examples a finding shows.
        private static let shown = 5

        mutating func add(_ example: String) {
            count += 1
            if examples.count < Sightings.shown { examples.append(example) }
        }
    }

    init(
        _ check: String, _ problem: String, meaning: String, cure: String,
        find: @escaping @Sendable (Database) throws -> Sightings
    ) {
        self.check = check
        self.problem = problem
        self.meaning = meaning
        self.cure = cure
        self.find = find
    }

    /// A rule whose `sql` returns one row for each place, its number in the first column.
    init(_ check: String, _ problem: String, meaning: String, cure: String, sql: String) {
        self.init(check, problem, meaning: meaning, cure: cure) { db in
            var sightings = Sightings()
            let rows = try Row.fetchCursor(db, sql: sql)
            while let row = try rows.next() {
                sightings.add(String.fromDatabaseValue(row[0]) ?? "\(row[0] as DatabaseValue)")
            }
            return sightings
        }
    }

    /// What the rule finds; nil where it holds.
    ///
    /// Where a page cannot be read, that is the finding.
    func finding(in db: Database) -> IntegrityReport.Finding? {
        do {
            let sightings = try find(db)
            return sightings.count == 0
                ? nil : finding(sightings.count, sightings.examples, problem)
        } catch {
            let words = (error as? DatabaseError)?.message ?? "\(type(of: error))"
            return finding(1, [], "It could not be looked at: \(words).")
        }
    }

    private func finding(_ count: Int, _ examples: [String], _ problem: String)
        -> IntegrityReport.Finding
    {
        IntegrityReport.Finding(
            check: check, count: count, examples: examples, problem: problem, meaning: meaning,
            cure: cure)
    }
}

extension String {
    /// What to do about damage that only a backup mends.
    static let restoreCure =
        "Restore the last sound backup: workflowctl restore. Until then, take no new backup over it."
}
