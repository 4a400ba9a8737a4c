import JSONLines
import TerminalText
import WorkflowClient
import WorkflowModel

/// What a file would change about a workflow.
struct DefinitionChange {
    private let id: String
    private let definition: JSON
    /// The workflow as it is; nil where there is none.
    private let present: JSON?
    private let difference: LineDifference

    /// Compares the definition in `file` with the workflow that the file is called after.
    ///
    /// Both are compared as the service writes them, so that the order of members and defaults that
    /// are spelt out make no difference.
    init(file: String, _ client: CommandClient) throws {
        id = DefinitionFile.workflow(of: file)
        definition = try DefinitionFile.read(file)
        present = try Self.present(id, client)
        let old = try present.map { try DefinitionFile.text($0["definition"] ?? [:], .yaml) } ?? ""
        let new = try DefinitionFile.text(try Self.normalized(definition, file), .yaml)
        difference = LineDifference(old: old, new: new)
    }

    private static func present(_ id: String, _ client: CommandClient) throws -> JSON? {
        do {
            return try client.call("workflow.get", ["workflow": .string(id)])
        } catch ClientError.refused(_, "not_found", _) {
            return nil
        }
    }

    /// The definition with every default spelt out, as the service keeps it.
    private static func normalized(_ definition: JSON, _ file: String) throws -> JSON {
        do throws(FieldError) {
            return try WorkflowDefinition(json: definition, at: "").json
        } catch {
            let place = error.path.hasPrefix(".") ? String(error.path.dropFirst()) : error.path
            let hint = error.hint.map { " \($0)" } ?? ""
            throw FileProblem.content(file, "\(place): \(error.message)\(hint)")
        }
    }

    /// Whether the file changes nothing.
    var isEmpty: Bool { present != nil && difference.isEmpty }

    /// What would change, for people.
    func lines(_ ink: Ink) -> [String] {
        guard present != nil else {
            return [ink.bold("\(id): a new workflow")] + difference.text(ink: ink).dropFirst()
        }
        return isEmpty ? ["\(id): no difference"] : [ink.bold(id)] + difference.text(ink: ink)
    }

    /// Applies the change, refused where somebody has changed the workflow since the comparison.
    /// - Returns: what came of it, in one line.
    func apply(_ client: CommandClient) throws -> String {
        guard let present else {
            DefinitionWarnings.print(
                of: try client.call(
                    "workflow.create", ["id": .string(id), "definition": definition]))
            return "\(id) is a new draft."
        }
        let result = try client.perform(
            "workflow.update", ["workflow": .string(id), "definition": definition],
            ifRev: present["rev"]?.integer
        ).result
        DefinitionWarnings.print(of: result)
        return "\(id) is at version \(result["version"]?.text ?? "?")."
    }
}
