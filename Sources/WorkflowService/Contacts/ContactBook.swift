import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Finds and changes contacts and records, and lets what depends on them follow.
struct ContactBook {
    let turn: Turn
    let runner: EnrollmentRunner

    /// A reference to a contact in a command: its id, and fields to be put first.
    struct ContactReference {
        let id: String
        let fields: JSONObject?
        let path: String
    }

    /// A reference to a record in a command: its type and id, and fields to be put first.
    struct RecordReference {
        let type: String
        let id: String
        let fields: JSONObject?
        let path: String
    }

    // MARK: Contacts

    /// The contact called `id`.
    /// - Throws: ``CommandError`` `not_found`, also where only its tombstone is left.
    func contact(_ id: String, path: String) throws -> StoredContact {
        guard let contact = try turn.session.contact(named: id), !contact.erased else {
            throw CommandError(
                .notFound, "There is no such contact.",
                hint: "Put it first with contact.put, or send its fields along.",
                path: path)
        }
        return contact
    }

    /// The contact that `reference` names, with its fields put first where it brings some.
    func contact(_ reference: ContactReference) throws -> StoredContact {
        guard let fields = reference.fields else {
            return try contact(reference.id, path: reference.path)
        }
        return try put(contact: reference.id, fields, path: reference.path).contact
    }

    /// Merges `fields` into the contact called `id`, which is made where there is none; enrollments
    /// that depend on a changed field follow at once.
    func put(contact id: String, _ fields: JSONObject, path: String) throws -> (
        contact: StoredContact, created: Bool
    ) {
        guard var contact = try turn.session.contact(named: id) else {
            try ContactFields.check(fields, path: path)
            let text = try ContactFields.text(JSONObject().merging(fields), path: path)
            return (try turn.session.insertContact(id, fields: text), true)
        }
        let before = try contact.parsedFields
        try ContactFields.check(fields, against: before, path: path)
        let after = before.merging(fields)
        guard after != before || contact.erased else { return (contact, false) }
        contact.fields = try ContactFields.text(after, path: path)
        contact.erased = false
        try turn.session.update(contact)
        try follow(contact: contact.id)
        return (contact, false)
    }

    // MARK: Records

    /// The record that `reference` names, with its fields put first where it brings some.
    func record(_ reference: RecordReference) throws -> StoredRecord {
        if let fields = reference.fields {
            return try put(record: reference.type, reference.id, fields, path: reference.path)
                .record
        }
        guard let record = try turn.session.record(type: reference.type, named: reference.id),
            !record.erased
        else {
            throw CommandError(
                .notFound, "There is no such record.",
                hint: "Put it first with record.put, or send its fields along.",
                path: reference.path)
        }
        return record
    }

    /// Merges `fields` into a record, which is made where there is none; enrollments that depend on a
    /// changed field follow at once.
    func put(record type: String, _ id: String, _ fields: JSONObject, path: String) throws -> (
        record: StoredRecord, created: Bool
    ) {
        let known = try turn.session.record(type: type, named: id)
        var record = try known ?? turn.session.insertRecord(type: type, id)
        let before = try record.parsedFields
        let after = before.merging(fields)
        guard after != before || record.erased || known == nil else { return (record, false) }
        record.fields = try ContactFields.text(after, path: path)
        record.erased = false
        try turn.session.update(record)
        if known != nil { try follow(try turn.session.activeEnrollments(record: record.id)) }
        return (record, known == nil)
    }

    // MARK: What follows

    /// Lets the active enrollments of a contact see what has changed.
    func follow(contact: Int64) throws {
        try follow(try turn.session.activeEnrollments(contact: contact, record: nil))
    }

    private func follow(_ enrollments: [StoredEnrollment]) throws {
        try runner.runEach(enrollments) { $0.proceed() }
    }

    /// Ends all active enrollments of `contact`.
    func unenrollAll(of contact: Int64) throws -> Int {
        let enrollments = try turn.session.activeEnrollments(contact: contact, record: nil)
        return try runner.runEach(enrollments) { $0.unenroll() }.count
    }
}

/// The fields of contacts that the service itself reads.
enum ContactFields {
    /// Refuses what can be none of these `fields`; what `stored` has already stays, as earlier programs
    /// took it.
    static func check(_ fields: JSONObject, against stored: JSONObject, path: String) throws {
        var news = JSONObject()
        for (name, value) in fields.members where stored[name] != value { news[name] = value }
        try check(news, path: path)
    }

    static func check(_ fields: JSONObject, path: String) throws {
        do throws(FieldError) {
            var reader = try ObjectReader(.object(fields), at: "\(path).fields")
            _ = try reader.timeZone("time_zone")
            for name in ["first_name", "last_name", "full_name"] { _ = try reader.string(name) }
            if let email = try reader.string("email"), MailAddress(address: email) == nil {
                throw reader.invalid(
                    "email", "It is not an email address.", hint: "For instance ann@example.com.")
            }
            if let phone = try reader.string("phone"), !isE164(phone) {
                throw reader.invalid(
                    "phone", "It is not a phone number by E.164.",
                    hint: "For instance +15551234567.")
            }
        } catch {
            throw CommandError(error)
        }
    }

    /// The stored form of all `fields` of a contact or a record.
    /// - Throws: ``CommandError`` `too_large`: a page of many must fit into a reply.
    static func text(_ fields: JSONObject, path: String) throws(CommandError) -> String {
        let text = JSON.object(fields).text
        guard text.utf8.count <= ProtocolLimits.fieldBytes else {
            throw CommandError(
                .tooLarge,
                "All fields together are longer than \(ProtocolLimits.fieldBytes) bytes.",
                hint: "Keep long texts elsewhere; null removes a field.", path: "\(path).fields")
        }
        return text
    }

    private static func isE164(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst()
        return text.hasPrefix("+") && (6...15).contains(digits.count)
            && digits.first != UInt8(ascii: "0")
            && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
