import Foundation
import Glibc

/// What a channel started, also where it left the channel's process group (`setsid`, a double fork).
///
/// Each child gets a mark of its own in its environment, which all that it starts inherits. What clears
/// its environment is found as long as a process with the mark is its parent.
package enum Descendants {
    /// The variable that holds the mark.
    package static let variable = "WORKFLOWD_CHANNEL"

    /// The processes with `mark`, and what those started, that still run; without `leader`.
    package static func running(marked mark: String, without leader: pid_t? = nil) -> [pid_t] {
        let processes = all()
        var found = Set(processes.filter { isMarked($0, mark) })
        let parents = processes.map { ($0, parent(of: $0)) }
        var isGrowing = !found.isEmpty
        while isGrowing {
            let children = parents.filter { process, parent in
                parent.map(found.contains) == true && !found.contains(process)
            }
            found.formUnion(children.map(\.0))
            isGrowing = !children.isEmpty
        }
        return found.filter { $0 != leader && state(of: $0) != "Z" }.sorted()
    }

    /// Kills them, and looks again for what they started meanwhile.
    static func end(marked mark: String) {
        for _ in 0..<rounds {
            let found = running(marked: mark)
            guard !found.isEmpty else { return }
            for process in found { kill(process, SIGKILL) }
            usleep(pause)
        }
    }

    /// More than what is killed needs to be gone; what starts others faster than that has to be left.
    private static let rounds = 50
    private static let pause: useconds_t = 5_000

    private static func all() -> [pid_t] {
        let own = getpid()
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { pid_t($0) }.filter { $0 != own }
    }

    /// Whether the environment that it was started with has the mark; nobody may see that of others' processes.
    private static func isMarked(_ process: pid_t, _ mark: String) -> Bool {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/environ") else {
            return false
        }
        let entry = Array("\(variable)=\(mark)".utf8)
        return data.split(separator: 0).contains { $0.elementsEqual(entry) }
    }

    private static func parent(of process: pid_t) -> pid_t? {
        fields(of: process).dropFirst().first.flatMap { pid_t($0) }
    }

    private static func state(of process: pid_t) -> String? {
        fields(of: process).first.map(String.init)
    }

    /// The fields of `/proc/PID/stat` behind the program's name: state, parent, ...; see proc_pid_stat(5).
    private static func fields(of process: pid_t) -> [Substring] {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else {
            return []
        }
        let text = String(decoding: data, as: UTF8.self)
        guard let close = text.lastIndex(of: ")") else { return [] }
        return text[text.index(after: close)...].split(separator: " ")
    }
}
