public import JSONLines
import WorkflowModel

/// Enrolls the rows of a file in pieces, so that a run that was cut off can be started again.
///
/// Each piece is one command under an idempotency key made of its content and its rows: a piece that was
/// done is answered from memory for 72 hours, and after that a contact that is still inside is answered
/// with the enrollment it has.
public struct BulkEnrollment {
    /// One piece: what one command enrolls.
    public struct Piece: Sendable {
        /// The numbers of its rows, in order.
        public let rows: [Int]
        /// The arguments of `enrollment.create`.
        public let args: JSONObject
        /// Its idempotency key.
        public let key: String
    }

    /// What became of the rows so far.
    public struct Outcome: Hashable, Sendable {
        /// Contacts that were enrolled by this run.
        public var enrolled = 0
        /// Contacts that were inside already, or were enrolled by an earlier run.
        public var inAlready = 0
        /// The rows that were refused, in order.
        public var refused: [RefusedRow] = []
        /// The number of the last row that is done; 0 at first.
        public var lastRow = 0

        /// How many rows are done.
        public var count: Int { enrolled + inAlready + refused.count }
    }

    /// A row that was refused, and why.
    public struct RefusedRow: Hashable, Sendable {
        /// Its number in the file.
        public let row: Int
        /// A code of `proto-docs/errors.md`, or `unreadable_row`.
        public let code: String
        /// What is wrong and how to mend it; no value of the row.
        public let reason: String
    }

    /// The pieces, in order.
    public let pieces: [Piece]
    /// How many rows the file has.
    public let total: Int
    /// What has become of the rows so far.
    public private(set) var outcome = Outcome()

    /// The most bytes of contacts in a piece: a command's line holds 1 MiB.
    private static let largestBytes = 900_000

    /// The enrollment of the rows of `file` in `workflow`, `size` rows a piece.
    public init(_ file: ContactFile, workflow: String, size: Int) {
        total = file.rows.count
        var entries: [Entry] = []
        for row in file.rows {
            switch row.content {
            case .success(let json): entries.append(Entry(row: row.number, json: json))
            case .failure(let error):
                outcome.refused.append(
                    RefusedRow(row: row.number, code: "unreadable_row", reason: error.reason))
            }
        }
        pieces = Self.batches(entries, size).map { Piece($0, workflow) }
    }

    fileprivate struct Entry {
        let row: Int
        let json: JSON
    }

    /// `entries` in batches of at most `size`, each short enough for the line of one command.
    private static func batches(_ entries: [Entry], _ size: Int) -> [ArraySlice<Entry>] {
        var batches: [ArraySlice<Entry>] = []
        var (start, bytes) = (0, 0)
        for (index, entry) in entries.enumerated() {
            let length = entry.json.bytes.count + 1
            if index - start == size || (bytes + length > largestBytes && index > start) {
                batches.append(entries[start..<index])
                (start, bytes) = (index, 0)
            }
            bytes += length
        }
        return start < entries.count ? batches + [entries[start...]] : batches
    }

    /// Enrolls the rows of `piece`; on return they are on the service's disk.
    /// - Throws: ``ClientError``; then the same piece may be sent again.
    public mutating func enroll(_ piece: Piece, _ client: CommandClient) throws(ClientError) {
        let reply = try client.perform("enrollment.create", piece.args, key: piece.key)
        let results = reply.result["results"]?.array ?? []
        for (row, result) in zip(piece.rows, results) {
            if let error = result["error"] {
                outcome.refused.append(RefusedRow(row, Refusal(error)))
            } else if result["created"] == true, !reply.isReplayed {
                outcome.enrolled += 1
            } else {
                outcome.inAlready += 1
            }
        }
        outcome.lastRow = piece.rows.last ?? outcome.lastRow
        outcome.refused.sort { $0.row < $1.row }
    }
}

extension BulkEnrollment.Piece {
    fileprivate init(_ batch: ArraySlice<BulkEnrollment.Entry>, _ workflow: String) {
        rows = batch.map(\.row)
        args = [
            "workflow": .string(workflow), "contacts": .array(batch.map(\.json)),
            "source": "import",
        ]
        let hash = ContentHash.text(of: JSON.object(args).text)
        key = "import-\(hash)-\(rows.first ?? 0)-\(rows.last ?? 0)"
    }
}

extension BulkEnrollment.RefusedRow {
    fileprivate init(_ row: Int, _ refusal: Refusal) {
        // The place in the command means nothing to somebody who looks at a file.
        let place = refusal.path.split(separator: "]", maxSplits: 1).last.map { $0.dropFirst() }
        let column = place.map { $0.split(separator: ".") }.flatMap { parts in
            parts.contains("fields") ? parts.last : nil
        }
        let suffix = column.map { " (column \($0))" } ?? ""
        self.init(row: row, code: refusal.code, reason: refusal.words + suffix)
    }
}
