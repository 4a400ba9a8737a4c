import JSONLines
import Logging
import ServiceHealth
import WorkflowModel
import WorkflowProtocol

/// Commands for those who watch over the service.
enum OperationCommands {
    static let all: [any Command.Type] = [
        SystemHealth.self, SystemMetrics.self, SystemLogLevel.self,
    ]
}

/// A command that is answered also where the store cannot be read.
protocol StorelessCommand: Command {
    /// The result from what is known without the store.
    func run(_ reading: HealthReading, _ vitals: Vitals) throws -> JSONObject
}

private struct SystemHealth: StorelessCommand {
    static let op = "system.health"
    static let isWrite = false

    init(_ args: inout ObjectReader) throws(FieldError) {}

    func run(in context: CommandContext) throws -> CommandResult {
        .done(try context.healthReading.facts(context.session).json)
    }

    func run(_ reading: HealthReading, _ vitals: Vitals) throws -> JSONObject {
        try reading.facts(nil).json
    }
}

private struct SystemMetrics: StorelessCommand {
    static let op = "system.metrics"
    static let isWrite = false

    init(_ args: inout ObjectReader) throws(FieldError) {}

    func run(in context: CommandContext) throws -> CommandResult {
        .done(page(try context.healthReading.facts(context.session), context.vitals))
    }

    func run(_ reading: HealthReading, _ vitals: Vitals) throws -> JSONObject {
        page(try reading.facts(nil), vitals)
    }

    private func page(_ facts: HealthFacts, _ vitals: Vitals) -> JSONObject {
        let text = MetricsPage.text(
            facts, vitals.counts, turns: vitals.turns, commits: vitals.commits)
        return ["content_type": .string(PrometheusText.contentType), "metrics": .string(text)]
    }
}

/// Tells the log level, or sets it until the service is started again.
private struct SystemLogLevel: StorelessCommand {
    static let op = "system.log_level"
    // It changes nothing that is stored, and is needed most where the store fails.
    static let isWrite = false
    let level: Logger.Level?

    init(_ args: inout ObjectReader) throws(FieldError) {
        level = try args.choice("level")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        if level != nil, context.batch != nil {
            throw CommandError(
                .invalidRequest, "The log level cannot be set in an atomic batch.",
                hint: "Send it by itself: it would not be undone with the batch.")
        }
        return .done(set(context.vitals))
    }

    func run(_ reading: HealthReading, _ vitals: Vitals) throws -> JSONObject { set(vitals) }

    private func set(_ vitals: Vitals) -> JSONObject {
        if let level { vitals.logThreshold.level = level }
        return ["level": .string(vitals.logThreshold.level.rawValue)]
    }
}

extension CommandContext {
    fileprivate var healthReading: HealthReading {
        HealthReading(vitals: vitals, clock: clock, gateway: gateway, head: turn.headBefore)
    }
}
