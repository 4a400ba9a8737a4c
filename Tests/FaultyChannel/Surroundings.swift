import Glibc

/// What a child sees of where it runs, and what it starts there.
enum Surroundings {
    static var text: String {
        var names: [String] = []
        var entry = environ
        while let variable = entry.pointee {
            names.append(
                String(cString: variable).split(separator: "=").first.map(String.init) ?? "")
            entry += 1
        }
        let open = (0..<1_024).filter { fcntl(Int32($0), F_GETFD) != -1 }
        let folder = getcwd(nil, 0).map { String(cString: $0) } ?? ""
        return "\(names.sorted().joined(separator: ","));\(open);\(getpid() == getpgrp());\(folder)"
    }

    /// Starts a child of the child that holds the pipes open, and returns once it has written its number
    /// into `file`; one that `leavesGroup` is in a session of its own.
    static func startGrandchild(_ file: String, leavesGroup: Bool = false) {
        var process: pid_t = 0
        let script = "echo $$ > '\(file)'; exec sleep 1000"
        let command = (leavesGroup ? ["setsid"] : []) + ["sh", "-c", script]
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        words.append(nil)
        posix_spawnp(&process, command[0], nil, nil, words, environ)
        var status = stat()
        while stat(file, &status) != 0 || status.st_size == 0 { sched_yield() }
    }

    static func waitForEver() -> Never {
        while true { pause() }
    }
}
