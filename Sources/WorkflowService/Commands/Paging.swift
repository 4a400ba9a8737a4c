import JSONLines
import WorkflowModel
import WorkflowProtocol

/// A page of a list that a client asks for.
struct PageRequest {
    let limit: Int
    /// Where the page begins: what the page before gave as `next`.
    let cursor: String?

    init(_ args: inout ObjectReader) throws(FieldError) {
        limit =
            try args.integer("limit", in: 1...ProtocolLimits.largestPage)
            ?? ProtocolLimits.defaultPage
        cursor = try args.string("cursor")
    }

    /// The cursor as a number, for lists that are ordered by numbers.
    func number() throws(CommandError) -> Int64? {
        guard let cursor else { return nil }
        guard cursor.hasPrefix("c"), let number = Int64(cursor.dropFirst()) else {
            throw CommandError(
                .invalidValue, "This cursor was not given by this list.",
                hint: "Send the `next` of the page before, or no cursor to begin.",
                path: "args.cursor")
        }
        return number
    }

    /// The reply of a page.
    ///
    /// `elements` were read with one more than the limit, to know whether more
    /// follow; where `isCut`, more may follow in any case.
    func page<T>(
        _ name: String, _ elements: [T], isCut: Bool = false, cursor: (T) -> String,
        _ json: (T) throws -> JSON
    ) rethrows -> CommandResult {
        let shown = elements.prefix(limit)
        var result: JSONObject = [name: .array(try shown.map(json))]
        if elements.count > limit || isCut, let last = shown.last {
            result["next"] = .string(cursor(last))
        }
        return .done(result)
    }

    static func cursor(_ number: Int64) -> String { "c\(number)" }
}

extension ObjectReader {
    /// Members `name` and its fields as a contact: an id, or `{"id", "fields"}`.
    mutating func contact(_ name: String) throws(FieldError) -> ContactBook.ContactReference {
        let value = try required(name)
        let path = path(of: name)
        if let id = value.string, !id.isEmpty { return .init(id: id, fields: nil, path: path) }
        var reader = try ObjectReader(value, at: path)
        let id = try reader.publicID("id")
        let fields = try reader.members("fields")
        try reader.finish()
        return .init(id: id, fields: fields, path: path)
    }

    /// Member `name` as a record: `{"type", "id", "fields"}`, or nil where absent.
    mutating func record(_ name: String) throws(FieldError) -> ContactBook.RecordReference? {
        guard var reader = try object(name) else { return nil }
        let type = try reader.identifier("type")
        let id = try reader.publicID("id")
        let fields = try reader.members("fields")
        try reader.finish()
        return .init(type: type, id: id, fields: fields, path: path(of: name))
    }

    /// Member `name` as an id that a sibling service gave: 1 to 200 characters.
    mutating func publicID(_ name: String) throws(FieldError) -> String {
        let text = try requiredString(name)
        guard text.unicodeScalars.count <= 200,
            !text.unicodeScalars.contains(where: { $0.value < 0x20 })
        else {
            throw invalid(name, "An id is 1 to 200 characters without control characters.")
        }
        return text
    }

    /// Member `name` as an enrollment's id.
    mutating func enrollment(_ name: String) throws(FieldError) -> Int64 {
        guard let number = EnrollmentID.number(try requiredString(name)) else {
            throw invalid(name, "It is not an enrollment's id.", hint: "For instance en_12.")
        }
        return number
    }
}
