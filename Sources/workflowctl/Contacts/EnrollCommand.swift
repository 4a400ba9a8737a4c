import ArgumentParser
import JSONLines
import TerminalText
import WorkflowClient

/// Enrolls one contact, or all of a file.
struct EnrollCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enroll",
        abstract: "Enroll a contact in a workflow, or every row of a CSV file.",
        usage: """
            workflowctl enroll follow-up c-1
            workflowctl enroll follow-up c-1 first_name=Ann phone=+12125550101
            workflowctl enroll follow-up --csv leads.csv
            """,
        discussion: """
            The first line of the file names the columns: id, and fields of the contact such as first_name, \
            phone, email, time_zone. record.type, record.id and record.NAME are the record and its fields. \
            Up to 200,000 rows.

            A run that was stopped is started again with the same file: each row is enrolled once. What was \
            done is known for 72 hours even where the workflow is through; after that, as long as the \
            contact is inside.
            """)

    @OptionGroup var service: ServiceOptions

    @Argument(help: "The workflow's id.")
    var workflow: String

    @Argument(help: "The contact's id.")
    var contact: String?

    @Argument(help: "Fields of the contact as name=value, put first.")
    var fields: [String] = []

    @OptionGroup var record: RecordOptions

    @OptionGroup var file: ContactFileOptions

    func validate() throws {
        guard (contact == nil) != (file.csv == nil) else {
            throw ValidationError("Name either a contact, or a file with --csv.")
        }
        if let contact, contact.contains("=") {
            throw ValidationError("The contact's id stands before its fields.")
        }
        if file.csv != nil, record.record != nil {
            throw ValidationError(
                "With --csv the record stands in columns: record.type, record.id.")
        }
        _ = try Assignments.read(fields)
    }

    func run() throws {
        try service.run { session in
            if file.csv != nil {
                try FileEnrollment(session: session, options: file, workflow: workflow).run()
            } else {
                try enrollOne(session)
            }
        }
    }

    private func enrollOne(_ session: Session) throws {
        var person: JSON = .string(contact ?? "")
        if !fields.isEmpty {
            person = ["id": person, "fields": .object(try Assignments.texts(fields))]
        }
        var args: JSONObject = ["workflow": .string(workflow), "contact": person]
        args["record"] = try record.json()
        let result = try session.call("enrollment.create", args)
        session.print([result]) {
            let verb = result["created"] == true ? "is enrolled" : "was inside already"
            return ["\(contact ?? "") \(verb) in \(workflow): \(result["id"]?.string ?? "")"]
        }
    }
}

/// How a file of contacts is read, and where its refusals go.
struct ContactFileOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The file.", valueName: "file"), completion: .file(extensions: ["csv"]))
    var csv: String?

    @Option(help: ArgumentHelp("The column with the contact's id.", valueName: "column"))
    var idColumn = "id"

    @Option(
        help: ArgumentHelp(
            "What stands before that id, for instance phone: with --id-column phone.",
            valueName: "text"))
    var idPrefix = ""

    @Option(
        help: ArgumentHelp(
            "What a column is called here; may be repeated.", valueName: "column=field"))
    var map: [String] = []

    @Option(
        help: ArgumentHelp(
            "The type of all records; without a column record.id they are called after their contacts.",
            valueName: "type"))
    var recordType: String?

    @Option(
        name: .customLong("text"),
        help: ArgumentHelp(
            "A column of the record that is a text even where it looks like a number.",
            valueName: "column"))
    var texts: [String] = []

    @Option(help: ArgumentHelp("Write the refused rows into this CSV file.", valueName: "file"))
    var refusals: String?

    @Option(
        name: .customLong("rows"),
        help: ArgumentHelp("Rows a command, 1 to 1000.", valueName: "count"))
    var size = 200

    func validate() throws {
        _ = try Assignments.read(map)
        guard (1...1_000).contains(size) else { throw ValidationError("--rows is from 1 to 1000.") }
    }

    /// The options as the mapping of a file.
    func mapping() throws -> ContactFile.Mapping {
        var mapping = ContactFile.Mapping()
        mapping.idColumn = idColumn
        mapping.idPrefix = idPrefix
        mapping.recordType = recordType
        mapping.texts = Set(texts)
        for (column, name) in try Assignments.read(map) { mapping.names[column] = name }
        return mapping
    }
}
