import JSONLines
import WorkflowModel
import WorkflowProtocol

/// A page of a list that a client asks for.
struct PageRequest {
    let limit: Int
    /// Where the page begins: what the page before gave as `next`, without the list's name.
    let cursor: String?
    /// The list that a cursor belongs to.
    private let list: String

    /// Reads `limit` and `cursor`; a cursor of another list than `list` is refused.
    init(_ args: inout ObjectReader, of list: String) throws(FieldError) {
        self.list = list
        limit =
            try args.integer("limit", in: 1...ProtocolLimits.largestPage)
            ?? ProtocolLimits.defaultPage
        guard let text = try args.string("cursor") else {
            cursor = nil
            return
        }
        let prefix = PageRequest.prefix(of: list)
        guard text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count else {
            throw FieldError(
                .invalid, at: args.path(of: "cursor"), PageRequest.foreign,
                hint: PageRequest.foreignHint)
        }
        cursor = String(text.dropFirst(prefix.count))
    }

    private static func prefix(of list: String) -> String { "\(list):" }

    private static let foreign = "This cursor was not given by this list."
    private static let foreignHint = "Send the `next` of the page before, or no cursor to begin."

    /// The cursor as a number, for lists that are ordered by numbers.
    func number() throws(CommandError) -> Int64? {
        guard let cursor else { return nil }
        guard let number = Int64(cursor), number > 0 else {
            throw CommandError(
                .invalidValue, PageRequest.foreign, hint: PageRequest.foreignHint,
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
            result["next"] = .string(PageRequest.prefix(of: list) + cursor(last))
        }
        return .done(result)
    }

    static func cursor(_ number: Int64) -> String { String(number) }
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
