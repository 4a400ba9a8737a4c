import Foundation
import JSONLines
import Synchronization
import WorkflowClient

/// What figures are measured on.
enum Machine {
    private static let service = Mutex<JSONObject>([:])

    /// Cores, kernel, build, and what ``ask()`` learnt.
    static var facts: JSONObject {
        var facts: JSONObject = [
            "cores": .integer(Int64(ProcessInfo.processInfo.activeProcessorCount)),
            "kernel": .string(kernel), "build": .string(build),
        ]
        for (name, value) in service.withLock({ $0 }).members { facts[name] = value }
        return facts
    }

    /// Looks at what else the machine does, and starts a service to learn its version and SQLite's.
    static func ask() throws {
        let load = load
        let service = try LocalService(name: "workflow-bench", arguments: [])
        defer { service.remove() }
        let version = try service.client().call("system.hello")["version"]
        service.stop()
        let sqlite = sqliteVersion(ofDatabase: "\(service.folder)/data/workflows.sqlite")
        Self.service.withLock { facts in
            facts["workflowd"] = version
            facts["sqlite"] = sqlite.map(JSON.string)
            facts["load_before"] = load.map(JSON.number)
        }
    }

    private static var kernel: String {
        ((try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? "")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// How many processes wanted a core in the last minute: near 0 where nothing else runs.
    private static var load: Double? {
        (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?
            .split(separator: " ").first.flatMap { Double($0) }
    }

    private static var build: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }

    /// The version of SQLite that wrote a database last: a number in bytes 96 to 99 of its header
    /// (https://www.sqlite.org/fileformat.html).
    private static func sqliteVersion(ofDatabase path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path),
            let header = try? file.read(upToCount: 100), header.count == 100
        else { return nil }
        let number = header[96...].reduce(0) { $0 << 8 | Int($1) }
        guard number > 0 else { return nil }
        return "\(number / 1_000_000).\(number / 1_000 % 1_000).\(number % 1_000)"
    }
}
