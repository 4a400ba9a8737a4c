import ArgumentParser
import JSONLines

/// The service's log level while it runs.
struct LogLevelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log-level",
        abstract: "Show how much the service logs, or change it until it is started again.")

    @OptionGroup var service: ServiceOptions

    @Argument(help: "trace, debug, info, notice, warning, error or critical.")
    var level: String?

    func run() throws {
        try service.run { session in
            var args = JSONObject()
            args["level"] = level.map(JSON.string)
            let result = try session.call("system.log_level", args)
            session.print([result]) { [result["level"]?.string ?? ""] }
        }
    }
}
