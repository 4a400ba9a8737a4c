import JSONLines

/// Makes an element of `contacts` out of the cells of one row.
struct RowReader {
    private let columns: [String]
    private let mapping: ContactFile.Mapping
    private let id: Int
    private let recordID: Int?

    init(columns: [String], mapping: ContactFile.Mapping) throws(ContactFile.FileError) {
        self.columns = columns
        self.mapping = mapping
        let twice = columns.first { name in columns.count { $0 == name } > 1 }
        if let twice, !twice.isEmpty {
            throw .init(reason: "Two columns are called \"\(twice)\". Rename one, or use --map.")
        }
        guard let id = columns.firstIndex(of: ContactFile.name(mapping.idColumn)) else {
            throw .init(
                reason:
                    "It has no column \"\(mapping.idColumn)\" for the contact's id. Its columns: "
                    + columns.joined(separator: ", ") + ". Name another with --id-column.")
        }
        self.id = id
        recordID = try Self.recordID(columns, mapping, contact: id)
    }

    /// The column with the record's id: where the type is given for all, that of the contact will do.
    private static func recordID(
        _ columns: [String], _ mapping: ContactFile.Mapping, contact: Int
    ) throws(ContactFile.FileError) -> Int? {
        let own = columns.firstIndex(of: "record.id")
        if mapping.recordType != nil { return own ?? contact }
        let hasRecord = columns.contains { $0.hasPrefix("record.") }
        guard !hasRecord || (own != nil && columns.contains("record.type")) else {
            throw .init(
                reason: "A record has a type and an id: add columns record.type and record.id, "
                    + "or give the type with --record-type.")
        }
        return own
    }

    func read(_ cells: [String]) -> Result<JSON, ContactFile.RowError> {
        guard cells.count == columns.count else {
            return .failure(
                .init(reason: "It has \(cells.count) cells; there are \(columns.count) columns."))
        }
        let values = cells.map(\.trimmed)
        guard !values[id].isEmpty else {
            return .failure(.init(reason: "The column \"\(columns[id])\" is empty."))
        }
        var entry: JSONObject = ["contact": contact(values)]
        if let recordID, !values[recordID].isEmpty { entry["record"] = record(values, recordID) }
        return .success(.object(entry))
    }

    private func contact(_ values: [String]) -> JSON {
        var fields = JSONObject()
        for (name, value) in zip(columns, values)
        where name != "id" && !name.isEmpty && !name.hasPrefix("record.") && !value.isEmpty {
            fields[name] = .string(value)
        }
        return [
            "id": .string(mapping.idPrefix + values[id]), "fields": .object(fields),
        ]
    }

    private func record(_ values: [String], _ recordID: Int) -> JSON {
        var fields = JSONObject()
        var type = mapping.recordType ?? ""
        for (column, value) in zip(columns, values)
        where column.hasPrefix("record.") && !value.isEmpty {
            switch column {
            case "record.id": break
            case "record.type": type = value
            default:
                let isText = mapping.texts.contains(column)
                fields[String(column.dropFirst(7))] = isText ? .string(value) : Self.value(value)
            }
        }
        return [
            "type": .string(type), "id": .string(values[recordID]), "fields": .object(fields),
        ]
    }

    /// A number or truth value where the text is one as JSON writes it, else the text.
    static func value(_ text: String) -> JSON {
        switch (try? JSON(parsing: text)) ?? .null {
        case .integer(let number): .integer(number)
        case .number(let number): .number(number)
        case .bool(let value): .bool(value)
        case .null, .string, .array, .object: .string(text)
        }
    }
}
