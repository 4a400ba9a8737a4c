import ConfigurationFile
import Foundation
import JSONLines

/// Definitions in files: one a file, called after its workflow, as YAML or JSON.
enum DefinitionFile {
    /// How a definition is written.
    enum Format: String {
        case yaml, json
    }

    /// Reads the definition in the file at `path`.
    /// - Throws: ``FileProblem``.
    static func read(_ path: String) throws -> JSON {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw FileProblem.unreadable(path)
        }
        let json: JSON
        do {
            json = try ConfigurationFile.read(path)
        } catch {
            throw FileProblem.content(path, error.reason)
        }
        guard json["steps"] != nil || json["name"] != nil else {
            throw FileProblem.content(path, "It is no definition: it has no name and no steps.")
        }
        return json
    }

    /// The definition as the text of a file.
    /// - Throws: ``FileProblem``.
    static func text(_ definition: JSON, _ format: Format) throws -> String {
        switch format {
        case .yaml:
            do {
                return try ConfigurationFile.yaml(definition)
            } catch {
                throw FileProblem.content("the definition", error.reason)
            }
        case .json: return JSONLayout.text(definition)
        }
    }

    /// The id of the workflow that a file is called after.
    static func workflow(of path: String) -> String {
        URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    }
}

/// What is wrong with a file that a command was given.
enum FileProblem: Error {
    case unreadable(String)
    case content(String, String)
    case unwritable(String)

    var message: String {
        switch self {
        case .unreadable(let path): "\(path) cannot be read."
        case .content(let path, let reason): "\(path): \(reason)"
        case .unwritable(let path): "\(path) cannot be written."
        }
    }

    var exitCode: Int32 {
        switch self {
        case .unreadable: 66
        case .content: 65
        case .unwritable: 73
        }
    }
}
