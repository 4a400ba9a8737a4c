import Foundation

/// What stands between a file and its being started.
package enum ProgramFile {
    /// Why nobody can start the file at `path`, and how to mend it; nil where nothing shows.
    package static func fault(of path: String) -> String? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            return "There is no file at \(path)."
        }
        guard !isFolder.boolValue else { return "\(path) is a folder, not a program." }
        guard FileManager.default.isExecutableFile(atPath: path) else {
            return "\(path) may not be executed: chmod +x \(path)"
        }
        return nil
    }

    /// The same, for one that was started in vain.
    ///
    /// A script whose first line names a program that is not there is "not found", as if it were itself.
    static func fault(ofStarted path: String) -> String? {
        if let fault = fault(of: path) { return fault }
        guard let interpreter = interpreter(of: path), !interpreter.isEmpty,
            !FileManager.default.isExecutableFile(atPath: interpreter)
        else { return nil }
        return "The first line of \(path) asks for \(interpreter), which is not there"
            + " or may not be executed."
    }

    /// The program that a script's first line names (`execve(2)`, "Interpreter scripts").
    private static func interpreter(of path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let start = try? file.read(upToCount: 256), start.starts(with: Array("#!".utf8))
        else { return nil }
        let line = start.dropFirst(2).prefix { $0 != 0x0A }
        return String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).first
            .map(String.init)
    }
}
