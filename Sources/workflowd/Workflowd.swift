import ArgumentParser
import CommandLineProgram
import Foundation
import JSONLines
import Logging
import WorkflowModel
import WorkflowProtocol
import WorkflowService

/// `workflowd`: arguments and a configuration file in, a running service out.
@main
struct Workflowd: CommandLineProgram {
    static let configuration = CommandConfiguration(
        commandName: "workflowd",
        abstract:
            "The workflow service: moves contacts through workflows, on time and never twice.",
        discussion: "Arguments win over the configuration file. See proto-docs/ for the protocols.",
        version: ServiceVersion.text)

    @Option(name: .long, help: "A configuration file (YAML).")
    var config: String?

    @Option(name: .long, help: "The data directory. (default: ./workflows-data)")
    var data: String?

    @Option(
        name: .long,
        help:
            "Where commands are taken. May be repeated. What other machines can reach asks for keys. (default: tcp://127.0.0.1:7411)"
    )
    var commands: [String] = []

    @Option(
        name: .long,
        help: "Where events are published. May be repeated. (default: tcp://127.0.0.1:7412)")
    var events: [String] = []

    @Option(name: .long, help: "system, simulated, or a factor such as 3600x, an hour each second.")
    var clock: String?

    @Option(
        name: .long,
        help: "What a simulated or scaled clock shows at the very first start (RFC 3339).")
    var clockStart: String?

    @Option(name: .long, help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    @Flag(name: .long, help: "Write log lines as JSON.")
    var logJson = false

    mutating func run() throws {
        do {
            try runDaemon(configuration: try resolved())
        } catch let error as StartError {
            ServiceLog.write(error: "workflowd: \(error.message)")
            throw ExitCode(error.exitCode)
        }
    }

    private func resolved() throws -> Configuration {
        var result = Configuration(dataDirectory: "workflows-data")
        if let config { try result.read(file: config) }
        if let data { result.dataDirectory = data }
        if !commands.isEmpty { result.commandEndpoints = commands.map { Endpoint($0) } }
        if !events.isEmpty { result.eventEndpoints = events.map { Endpoint($0) } }
        if logJson { result.logsJSON = true }
        do throws(FieldError) {
            if let clock { result.clock = try Configuration.clock(clock, at: "--clock") }
        } catch {
            throw StartError.configuration(path: "--clock", "\(error.message) \(error.hint ?? "")")
        }
        if let clockStart {
            guard let start = Instant(rfc3339: clockStart) else {
                throw StartError.configuration(
                    path: "--clock-start", "It is not a moment by RFC 3339.")
            }
            result.clockStart = start
        }
        if let logLevel {
            guard Configuration.logLevels.contains(logLevel) else {
                throw StartError.configuration(path: "--log-level", "There is no such level.")
            }
            result.logLevel = logLevel
        }
        return result
    }
}

/// Runs until SIGTERM or SIGINT.
///
/// It stands outside of `main`, whose code belongs to the main actor.
private func runDaemon(configuration: Configuration) throws {
    let signals = EndSignals()
    // A file size limit is an error code and no signal.
    signal(SIGXFSZ, SIG_IGN)
    raiseDescriptorLimit()
    let serviceLog = ServiceLog(configuration)
    let log = serviceLog.logger
    let daemon = try Daemon(configuration, log: serviceLog)
    onEnd(signals, log) { daemon.stop() }
    try daemon.run { endpoints in
        log.notice("Commands are taken at \(endpoints.commands.joined(separator: " "))")
        log.notice("Events are published at \(endpoints.events.joined(separator: " "))")
        if let key = endpoints.serverKey {
            log.notice(
                "\(endpoints.guarded.joined(separator: " ")): for registered keys; the key of this service is \(key)"
            )
        }
    }
    log.notice("Stopped")
}

/// Calls `handler` on a thread of its own for each signal that asks for the end.
private func onEnd(
    _ signals: EndSignals, _ log: Logger, handler: @escaping @Sendable () -> Void
) {
    Thread.detachNewThread {
        var told: Set<String> = []
        while true {
            signals.wait { name in
                guard told.insert(name).inserted else { return }
                log.notice(
                    "\(name) is ignored: the log is standard error, and the configuration is read at the start"
                )
            }
            handler()
        }
    }
}

/// Allows as many open descriptors as the system lets: each client takes one, and the usual soft limit of
/// 1,024 is there for programs that use select().
private func raiseDescriptorLimit() {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(resource, &limit)
}
