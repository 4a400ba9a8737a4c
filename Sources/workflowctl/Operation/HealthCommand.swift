import ArgumentParser
import JSONLines
import TerminalText
import WorkflowClient

/// Whether the service does what it is there for, as an exit code for monitors.
struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Say whether the service does its work; the exit code says it to monitors.",
        discussion: """
            Exit codes as those of Nagios plugins: 0 ok. 1 degraded, somebody should look. 2 failing. And as \
            everywhere here: 69 no service answers, 77 the key is not accepted. See proto-docs/operations.md \
            for each problem.
            """)

    @OptionGroup var service: ServiceOptions

    func run() throws {
        try service.run { session in
            let health = try health(session)
            session.print([health]) { HealthText.lines(health, session.ink) }
            switch health["status"]?.string {
            case "ok": break
            case "degraded": throw ExitCode(1)
            default: throw ExitCode(2)
            }
        }
    }
}

extension HealthCommand {
    /// The reply of `system.health`; where not even keys can be read, what that alone says.
    private func health(_ session: Session) throws -> JSON {
        do {
            return try session.call("system.health")
        } catch ClientError.refused(_, let code, let words) where code.hasPrefix("storage_") {
            let problem: JSON = [
                "code": "store_failing", "status": "failing", "message": .string(words),
                "hint": "Ask on the machine of the service, where no key is needed: it says more.",
            ]
            return ["status": "failing", "problems": [problem]]
        }
    }
}

/// The reply of `system.health` for people.
enum HealthText {
    static func lines(_ health: JSON, _ ink: Ink) -> [String] {
        [head(health, ink)] + problems(health, ink) + [""] + facts(health)
    }

    /// The first line is all that many monitors show.
    private static func head(_ health: JSON, _ ink: Ink) -> String {
        let codes = (health["problems"]?.array ?? []).compactMap { $0["code"]?.string }
        let status = health["status"]?.string ?? "failing"
        let colored =
            switch status {
            case "ok": ink.green(status)
            case "degraded": ink.yellow(status)
            default: ink.red(status)
            }
        return codes.isEmpty
            ? "workflowd is \(colored)"
            : "workflowd is \(colored): \(codes.joined(separator: ", "))"
    }

    private static func problems(_ health: JSON, _ ink: Ink) -> [String] {
        (health["problems"]?.array ?? []).flatMap { problem in
            let message = problem["message"]?.string ?? ""
            let isFailing = problem["status"]?.string == "failing"
            return [
                "  \(isFailing ? ink.red(message) : ink.yellow(message))",
                "    \(problem["hint"]?.string ?? "")",
            ]
        }
    }

    private static func facts(_ health: JSON) -> [String] {
        let store = health["store"]
        let schema = health["schema"]?.string ?? ""
        return [
            "version   \(health["version"]?.string ?? ""), schema \(schema.isEmpty ? "unknown" : schema)",
            "running   \(seconds(health["uptime_seconds"])), longest turn \(number(health["longest_turn_ms"])) ms",
            "schedule  \(queue(health["schedule"]))",
            "channels  \(channels(health))",
            "in doubt  \(number(health["in_doubt"]))",
            "feed      at \(number(health["feed"]?["head"])), \(number(health["feed"]?["behind"])) not published",
            "disk      database \(size(store?["database_bytes"])), log \(size(store?["wal_bytes"])), free \(size(store?["free_bytes"]))",
        ]
    }

    private static func queue(_ queue: JSON?) -> String {
        guard let due = queue?["due"]?.integer else { return "unknown" }
        return due == 0
            ? "nothing is late"
            : "\(Int(due).grouped) due, the oldest since \(seconds(queue?["oldest_seconds"]))"
    }

    private static func channels(_ health: JSON) -> String {
        let channels = (health["channels"]?.array ?? []).map { channel in
            let waiting = channel["waiting"]?.integer ?? 0
            let more = waiting > 0 ? " (\(Int(waiting).grouped) wait)" : ""
            return "\(channel["name"]?.string ?? "") \(channel["state"]?.string ?? "")\(more)"
        }
        return channels.isEmpty ? "none" : channels.joined(separator: ", ")
    }

    private static func number(_ value: JSON?) -> String {
        value?.integer.map { Int($0).grouped } ?? "unknown"
    }

    private static func seconds(_ value: JSON?) -> String {
        guard let seconds = value?.integer else { return "unknown" }
        switch seconds {
        case ..<120: return "\(seconds) s"
        case ..<7_200: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3_600) h"
        default: return "\(seconds / 86_400) days"
        }
    }

    private static func size(_ value: JSON?) -> String {
        guard let bytes = value?.integer else { return "unknown" }
        return bytes < 10 << 20 ? "\(bytes >> 10) KiB" : "\(Int(bytes >> 20).grouped) MiB"
    }
}
