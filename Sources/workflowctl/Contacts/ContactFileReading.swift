import Foundation
import WorkflowClient

extension ContactFile {
    /// Reads the file at `path`.
    /// - Throws: ``FileProblem`` that names the file.
    init(path: String, mapping: Mapping) throws(FileProblem) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path)
        }
        try self.init(data, path: path, mapping: mapping)
    }

    /// Reads `data`, which `path` names in what is wrong.
    init(_ data: some Collection<UInt8>, path: String, mapping: Mapping) throws(FileProblem) {
        guard let text = String(validating: data, as: UTF8.self) else {
            throw .content(path, "It is not UTF-8. Save it as \"CSV UTF-8\".")
        }
        do throws(FileError) {
            try self.init(text: text, mapping: mapping)
        } catch {
            throw .content(path, error.reason)
        }
    }
}
