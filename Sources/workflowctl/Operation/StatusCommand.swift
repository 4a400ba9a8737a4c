import ArgumentParser
import JSONLines
import TerminalText
import WorkflowModel

/// How the service, its channels and its workflows are doing.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how the service and its channels are doing.")

    @OptionGroup var service: ServiceOptions

    func run() throws {
        try service.run { session in
            let hello = try session.call("system.hello")
            let channels = try session.call("channel.list")["channels"]?.array ?? []
            let workflows = try session.list("workflow.list", "workflows")
            let zone = try session.businessZone()
            let all: JSON = [
                "service": hello, "channels": .array(channels), "workflows": .array(workflows),
            ]
            session.print([all]) {
                Self.head(hello, workflows, zone, session.ink) + [""]
                    + Self.table(channels).lines(width: session.output.width, ink: session.ink)
                    + Self.errors(channels, session.ink)
            }
        }
    }

    private static func head(_ hello: JSON, _ workflows: [JSON], _ zone: ZoneCalendar?, _ ink: Ink)
        -> [String]
    {
        let now = MomentText.text(rfc3339: hello["now"]?.string, in: zone)
        let place = zone.map { " \($0.identifier)" } ?? ""
        return [
            "workflowd \(hello["version"]?.string ?? "")  \(ink.green("running"))",
            "clock      \(now)\(place) (\(hello["clock"]?.string ?? ""))",
            "feed       at \(hello["events"]?["head"]?.text ?? "?")",
            "workflows  \(counts(workflows))",
        ]
    }

    private static func counts(_ workflows: [JSON]) -> String {
        let states = ["active", "paused", "halted", "draft"]
        let counts = states.compactMap { state in
            let count = workflows.count { $0["state"]?.string == state }
            return count > 0 ? "\(count) \(state)" : nil
        }
        return counts.isEmpty ? "none" : counts.joined(separator: ", ")
    }

    private static func table(_ channels: [JSON]) -> Table {
        var table = Table(
            "channel", "state", "program", "#waiting", "#with it", "#answered", "#deaths")
        for channel in channels {
            let numbers = ["waiting", "inflight", "answered", "deaths"].map { name in
                Int(channel[name]?.integer ?? 0).grouped
            }
            table.append(["name", "state", "program"].map { channel[$0]?.string ?? "" } + numbers)
        }
        return table
    }

    /// The last errors of the channels, in full.
    private static func errors(_ channels: [JSON], _ ink: Ink) -> [String] {
        let errors = channels.compactMap { channel in
            channel["last_error"]?.string.map {
                "\(channel["name"]?.string ?? ""): \(ink.red($0.singleLine))"
            }
        }
        return errors.isEmpty ? [] : [""] + errors
    }
}
