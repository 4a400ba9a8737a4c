import Foundation
import Glibc

/// What a channel started, also where it left the channel's process group (`setsid`, a double fork).
///
/// Each child gets a mark of its own in its environment, which all that it starts inherits. What clears
/// its environment is found as long as it is in the group or a process that was found is its parent.
package enum Descendants {
    /// The variable that holds the mark.
    static let variable = "WORKFLOWD_CHANNEL"

    /// The processes with `mark` or of `group`, and what those started, that still run.
    package static func running(marked mark: String, group: pid_t? = nil) -> [ProcessTable.Entry] {
        let processes = ProcessTable.others()
        var found = Set(
            processes.filter { $0.group == group || isMarked($0.process, mark) }.map(\.process))
        var isGrowing = !found.isEmpty
        while isGrowing {
            let children = processes.filter {
                found.contains($0.parent) && !found.contains($0.process)
            }
            found.formUnion(children.map(\.process))
            isGrowing = !children.isEmpty
        }
        return processes.filter { found.contains($0.process) }
    }

    /// Kills them, and looks again for what they started meanwhile.
    static func end(marked mark: String) {
        for _ in 0..<rounds {
            let found = running(marked: mark)
            guard !found.isEmpty else { return }
            for entry in found { kill(entry.process, SIGKILL) }
            usleep(pause)
        }
    }

    /// More than what is killed needs to be gone; what starts others faster than that has to be left.
    private static let rounds = 50
    private static let pause: useconds_t = 5_000

    /// Whether the environment that it was started with has the mark; nobody may see that of others' processes.
    private static func isMarked(_ process: pid_t, _ mark: String) -> Bool {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/environ") else {
            return false
        }
        let entry = Array("\(variable)=\(mark)".utf8)
        return data.split(separator: 0).contains { $0.elementsEqual(entry) }
    }
}
