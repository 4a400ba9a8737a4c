import Foundation

/// The folder whose executables are channels.
struct ChannelsFolder {
    let path: String
    /// The names of its executable files, sorted; hidden ones and folders are none.
    let files: [String]

    /// Reads the folder at `path`; without one there are no files.
    /// - Throws: ``StartError/configuration(path:_:)`` where it cannot be read.
    init(_ path: String?) throws(StartError) {
        self.path = path ?? ""
        guard let path else {
            files = []
            return
        }
        do {
            files = try FileManager.default.contentsOfDirectory(atPath: path).sorted().filter {
                !$0.hasPrefix(".") && Self.isProgram("\(path)/\($0)")
            }
        } catch {
            throw .configuration(
                path: "channels_folder", "The folder \(path) is not there, or cannot be read.")
        }
    }

    /// The files that may serve the configured channel `name`: the one called so, else those called so
    /// but for an ending such as `.py`.
    func files(serving name: String) -> [String] {
        files.contains(name) ? [name] : files.filter { $0.hasPrefix("\(name).") }
    }

    /// Whether it is a file, perhaps behind a link, that may be executed.
    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return FileManager.default.isExecutableFile(atPath: path)
    }
}
