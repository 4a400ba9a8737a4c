import Foundation

/// What `/proc` tells of other processes.
package enum ProcessTable {
    /// One process.
    package struct Entry {
        package let process: pid_t
        /// The name of its program, at most 15 bytes.
        package let program: String
        package let parent: pid_t
        package let group: pid_t
        fileprivate let state: Substring

        /// Reads `/proc/PID/stat`: number, program in parentheses, state, parent, group, ...; see
        /// proc_pid_stat(5).
        fileprivate init?(_ process: pid_t) {
            guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else {
                return nil
            }
            let text = String(decoding: data, as: UTF8.self)
            guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")") else {
                return nil
            }
            let rest = text[text.index(after: close)...].split(separator: " ")
            guard rest.count > 2, let parent = pid_t(rest[1]), let group = pid_t(rest[2]) else {
                return nil
            }
            self.process = process
            program = String(text[text.index(after: open)..<close])
            state = rest[0]
            self.parent = parent
            self.group = group
        }
    }

    /// All processes but this one; those that ended and wait for their parent do not count.
    package static func others() -> [Entry] {
        let own = getpid()
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { pid_t($0) }.filter { $0 != own }.compactMap(Entry.init)
            .filter { $0.state != "Z" }
    }

    /// How many descriptors a process holds; nil where that cannot be seen.
    package static func descriptors(of process: pid_t) -> Int? {
        try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
    }
}
