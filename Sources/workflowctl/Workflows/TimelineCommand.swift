import ArgumentParser
import JSONLines
import TerminalText

/// Shows what would happen to a contact, and when; nothing is sent.
struct TimelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline",
        abstract: "Show what a workflow would send, and when. Nothing is sent.",
        usage: """
            workflowctl timeline follow-up
            workflowctl timeline follow-up --contact c-1 --at 2026-03-06T21:00:00-05:00
            workflowctl timeline --file follow-up.yaml first_name=Ann phone=+12125550101
            workflowctl timeline overdue --record invoice/i-1 --record-field due_date=2026-03-01
            """,
        discussion: """
            Without --signal it shows every path of every branch. Where the contact would not be enrolled, it \
            says why and ends with 1.
            """)

    @OptionGroup var service: ServiceOptions

    @Argument(help: "The workflow's id, and fields of the contact as name=value.")
    var arguments: [String] = []

    @Option(help: "A definition in a file, in place of a workflow.", completion: .file())
    var file: String?

    @Option(help: "A contact that the service knows.")
    var contact: String?

    @OptionGroup var record: RecordOptions

    @Option(help: "When it would be enrolled (RFC 3339); without, now.")
    var at: String?

    @Option(
        help: ArgumentHelp(
            "What the contact would do, and when; may be repeated.", valueName: "name@time"))
    var signal: [String] = []

    func validate() throws {
        let names = arguments.filter { !$0.contains("=") }
        guard names.count == (file == nil ? 1 : 0) else {
            throw ValidationError("A timeline is of one workflow, or of a --file.")
        }
        for one in signal where !one.contains("@") {
            throw ValidationError(
                "\"\(one)\": write a signal with its moment, such as sms.replied@2026-03-03T15:00:00Z."
            )
        }
    }

    func run() throws {
        try service.run { session in
            let preview = try session.call("workflow.preview", try args())
            DefinitionWarnings.print(of: preview)
            session.print([preview]) {
                TimelinePicture(preview: preview)
                    .lines(width: session.output.width, ink: session.ink)
            }
            if preview["refused"] != nil { throw ExitCode(1) }
        }
    }

    private func args() throws -> JSONObject {
        var args = JSONObject()
        args["workflow"] = arguments.first { !$0.contains("=") }.map(JSON.string)
        args["definition"] = try file.map(DefinitionFile.read)
        args["contact"] = try person()
        args["record"] = try record.json()
        args["at"] = at.map(JSON.string)
        if !signal.isEmpty { args["signals"] = .array(signal.map(Self.signal)) }
        return args
    }

    private func person() throws -> JSON? {
        let fields = try Assignments.texts(arguments.filter { $0.contains("=") })
        var person = JSONObject()
        person["id"] = contact.map(JSON.string)
        if !fields.isEmpty { person["fields"] = .object(fields) }
        return person.isEmpty ? nil : .object(person)
    }

    private static func signal(_ text: String) -> JSON {
        let sign = text.firstIndex(of: "@") ?? text.endIndex
        return [
            "name": .string(String(text[..<sign])),
            "at": .string(String(text[sign...].dropFirst())),
        ]
    }
}
