public import JSONLines
import SwiftCSV

/// A CSV file of contacts, as its columns are to be understood.
///
/// The first line names the columns. `id` is the contact's id, `record.type`, `record.id` and
/// `record.NAME` are the record and its fields, every other column is a field of the contact. Names are
/// taken in small letters with `_` for what is no letter or digit: `First Name` is `first_name`.
public struct ContactFile {
    /// How the columns of a file are understood where their names do not say it.
    public struct Mapping: Hashable, Sendable {
        /// The column that holds the contact's id.
        public var idColumn = "id"
        /// What stands before the id of that column, such as `phone:`.
        public var idPrefix = ""
        /// The names of columns, in place of those in the file.
        public var names: [String: String] = [:]
        /// The type of the records where the column `record.type` says nothing; without a column
        /// `record.id` each record is called after its contact.
        public var recordType: String?
        /// Columns of records whose values are texts even where they look like numbers.
        public var texts: Set<String> = []

        /// The mapping by the names of the columns alone.
        public init() {}
    }

    /// One line of the file.
    public struct Row: Hashable, Sendable {
        /// Its number as a spreadsheet shows it; the line of names is 1.
        public let number: Int
        /// What it holds: an element of the `contacts` of `enrollment.create`, or why it has none.
        public let content: Result<JSON, RowError>
    }

    /// What is wrong with one row.
    public struct RowError: Error, Hashable, Sendable {
        /// What is wrong, without any value of the row.
        public let reason: String
    }

    /// What is wrong with the file as a whole.
    public struct FileError: Error, Hashable, Sendable {
        /// What is wrong and how to mend it.
        public let reason: String
    }

    /// The most rows that a file may have; they are held in memory.
    public static let largestCount = 200_000

    /// The rows that hold anything.
    public let rows: [Row]
    /// The names of the columns as they are understood.
    public let columns: [String]

    /// Reads the text of a file.
    /// - Throws: ``FileError``: it is no CSV, has no column for the id, a column twice, or too many rows.
    public init(text: String, mapping: Mapping) throws(FileError) {
        let table = try Self.table(text)
        columns = table.header.map { mapping.names[$0.trimmed] ?? Self.name($0) }
        let reader = try RowReader(columns: columns, mapping: mapping)
        var rows: [Row] = []
        for (index, cells) in table.rows.enumerated() where cells.contains(where: { $0 != "" }) {
            rows.append(Row(number: index + 2, content: reader.read(cells)))
        }
        guard rows.count <= Self.largestCount else {
            throw FileError(
                reason: "It has more than \(Self.largestCount) rows. Split it into several files.")
        }
        self.rows = rows
    }

    private static func table(_ text: String) throws(FileError) -> (
        header: [String], rows: [[String]]
    ) {
        // The parser drops an empty last cell where the last line has no end.
        let text = (text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text) + "\n"
        let delimiter = CSVDelimiter.guessed(text.prefix { !$0.isNewline })
        try CSVQuotation.check(text, delimiter: delimiter.rawValue.unicodeScalars.first ?? ",")
        var rows: [[String]] = []
        do {
            let csv = try CSV<Enumerated>(
                string: text, delimiter: delimiter, loadColumns: false, rowLimit: 0)
            // Its own rows are filled up to the longest, so that a short one would not be noticed.
            try csv.enumerateAsArray(startAt: 1, rowLimit: nil) { rows.append($0) }
            return (csv.header, rows)
        } catch {
            throw FileError(
                reason: "It is no CSV: a quotation mark stands where none can be. "
                    + "A value with quotation marks is written as \"so \"\"quoted\"\"\".")
        }
    }

    /// The name of a field for the heading of a column.
    static func name(_ heading: String) -> String {
        var name = ""
        for character in heading.lowercased() {
            if character.isASCII, character.isLetter || character.isNumber || character == "." {
                name.append(character)
            } else if name.last != "_", !name.isEmpty {
                name.append("_")
            }
        }
        while name.last == "_" { name.removeLast() }
        return ["e_mail": "email", "mail": "email", "mobile": "phone"][name] ?? name
    }
}

extension CSVDelimiter {
    /// The one of comma, semicolon and tab that stands most often in the line of names.
    fileprivate static func guessed(_ header: Substring) -> CSVDelimiter {
        let candidates: [(CSVDelimiter, Character)] = [
            (.comma, ","), (.semicolon, ";"), (.tab, "\t"),
        ]
        var best = (delimiter: CSVDelimiter.comma, count: 0)
        for (delimiter, sign) in candidates {
            let count = header.count { $0 == sign }
            if count > best.count { best = (delimiter, count) }
        }
        return best.delimiter
    }
}

extension String {
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
