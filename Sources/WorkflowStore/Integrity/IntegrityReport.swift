/// What an integrity check found in one database.
public struct IntegrityReport: Sendable {
    /// Something that cannot be so in a sound database.
    public struct Finding: Hashable, Sendable {
        /// The check that found it, such as `feed.gaps`: stable, for programs.
        public let check: String
        /// In how many places.
        public let count: Int
        /// Numbers of some of them, by which they are found again; no personal data.
        public let examples: [String]
        /// What is wrong.
        public let problem: String
        /// What follows from it.
        public let meaning: String
        /// What to do.
        public let cure: String
    }

    /// The database's file.
    public let path: String
    /// The names of the checks that were made, in their order.
    public let checks: [String]
    /// What they found, in the same order; empty where the database is sound.
    public let findings: [Finding]
    /// The feed's last position; 0 where it cannot be read.
    public let head: Int64
    /// How many enrollments there are; 0 where they cannot be read.
    public let enrollments: Int64

    /// Whether nothing was found.
    public var isSound: Bool { findings.isEmpty }
}
