/// Finds contacts by the field that a channel has its addresses in.
extension StoreSession {
    /// Contacts whose `field` holds `address` behind number `after`, in the order of their numbers: a phone
    /// number as it is stored, an email address in any case, in other fields that text or number.
    ///
    /// They are found by an index where ``put(_:)`` was told of a channel with that field.
    public func contacts(with address: String, in field: String, after: Int64, limit: Int) throws
        -> [StoredContact]
    {
        switch field {
        case "phone": return try contacts(phone: address, after: after, limit: limit)
        case "email": return try contacts(email: address, after: after, limit: limit)
        default:
            guard let value = Self.value(of: field) else { return [] }
            let ids = try rows(
                """
                SELECT id FROM contact WHERE \(value) = ? AND \(value) IS NOT NULL AND id > ? \
                ORDER BY id LIMIT ?
                """, [address, after, limit], { $0[0] as Int64 })
            return try ids.compactMap(contact)
        }
    }

    /// Makes the index by which ``contacts(with:in:)`` finds those with an address in `field`.
    func indexContacts(by field: String) throws {
        guard !["phone", "email"].contains(field), let value = Self.value(of: field) else { return }
        // SQLite's names have no case, those of fields do.
        let name = field.utf8.map { String($0, radix: 16) }.joined()
        try run(
            """
            CREATE INDEX IF NOT EXISTS contact_by_\(name) ON contact (\(value)) \
            WHERE \(value) IS NOT NULL
            """)
    }

    /// The expression for the text in `field`, which is none where a row is damaged; nil where that can be
    /// no field's name in a statement.
    private static func value(of field: String) -> String? {
        let isName =
            (1...64).contains(field.utf8.count)
            && field.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        guard isName else { return nil }
        let text = #"CAST(json_extract(fields, '$."\#(field)"') AS TEXT)"#
        return "iif(json_valid(fields), \(text), NULL)"
    }
}
