/// Which fields contacts and records have; each look is bounded in rows and bytes.
extension StoreSession {
    /// Rows whose fields are named in full.
    private static let named = 1_000
    /// Fields longer than this are not taken apart.
    private static let namedLength = 8_192
    /// Rows, and characters of their fields, that are looked through for one name.
    private static let searched = (rows: 2_000, characters: 512 << 10)

    /// The paths of the fields of the newest contacts, such as `address.city`.
    public func contactFieldPaths() throws -> Set<String> {
        try paths(
            "SELECT fields FROM contact ORDER BY id DESC LIMIT \(Self.named)", [])
    }

    /// The paths of the fields of some records, of one type or the newest of all.
    public func recordFieldPaths(type: String?) throws -> Set<String> {
        guard let type else {
            return try paths("SELECT fields FROM record ORDER BY id DESC LIMIT \(Self.named)", [])
        }
        return try paths(
            "SELECT fields FROM record WHERE type = ? ORDER BY public_id DESC LIMIT \(Self.named)",
            [type])
    }

    private func paths(_ rows: String, _ arguments: [(any Bindable)?]) throws -> Set<String> {
        let keys = try self.rows(
            """
            SELECT DISTINCT tree.fullkey FROM (\(rows)) AS stored, json_tree(stored.fields) AS tree \
            WHERE length(stored.fields) <= \(Self.namedLength) AND tree.type <> 'null'
            """, arguments
        ) { $0[0] as String }
        return Set(keys.map { String($0.dropFirst(2)).filter { $0 != "\"" } })
    }

    /// Whether one of the newest contacts may have a field called `name`, at whatever depth.
    public func contactsMayHave(field name: String) throws -> Bool {
        try mayHave(
            name, "SELECT length(fields), instr(fields, ?1) FROM contact ORDER BY id DESC", [])
    }

    /// Whether some record, of one type or of all, may have a field called `name`, at whatever depth.
    public func recordsMayHave(field name: String, type: String?) throws -> Bool {
        guard let type else {
            return try mayHave(
                name, "SELECT length(fields), instr(fields, ?1) FROM record ORDER BY id DESC", [])
        }
        return try mayHave(
            name,
            "SELECT length(fields), instr(fields, ?1) FROM record WHERE type = ?2 ORDER BY public_id DESC",
            [type])
    }

    private func mayHave(_ name: String, _ rows: String, _ arguments: [(any Bindable)?]) throws
        -> Bool
    {
        var found = false
        _ = try self.rows(
            "\(rows) LIMIT \(Self.searched.rows)", ["\"\(name)\":"] + arguments,
            upTo: Self.searched.characters, size: { found ? .max >> 1 : $0 }
        ) { row -> Int in
            if row[1] as Int > 0 { found = true }
            return row[0]
        }
        return found
    }

    /// The names of the newest signals.
    public func signalNames() throws -> Set<String> {
        Set(
            try rows(
                """
                SELECT DISTINCT name FROM (SELECT name FROM signal ORDER BY id DESC LIMIT \(Self.named))
                """
            ) { $0[0] as String })
    }
}
