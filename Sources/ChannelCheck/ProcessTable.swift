import Foundation

/// What `/proc` tells of other processes.
enum ProcessTable {
    /// The processes of a group that still run, by their number and program; those that ended and wait for
    /// their parent do not count.
    static func members(ofGroup group: pid_t) -> [(process: pid_t, program: String)] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { pid_t($0) }.compactMap { process in
            guard let entry = Entry(process), entry.group == group, entry.state != "Z" else {
                return nil
            }
            return (process, entry.program)
        }
    }

    /// How many descriptors a process holds; nil where that cannot be seen.
    static func descriptors(of process: pid_t) -> Int? {
        try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
    }

    /// `/proc/PID/stat`, see proc_pid_stat(5): number, program in parentheses, state, parent, group.
    private struct Entry {
        let program: String
        let state: String
        let group: pid_t

        init?(_ process: pid_t) {
            guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else {
                return nil
            }
            let text = String(decoding: data, as: UTF8.self)
            guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")") else {
                return nil
            }
            let rest = text[text.index(after: close)...].split(separator: " ")
            guard rest.count > 2, let group = pid_t(rest[2]) else { return nil }
            program = String(text[text.index(after: open)..<close])
            state = String(rest[0])
            self.group = group
        }
    }
}
