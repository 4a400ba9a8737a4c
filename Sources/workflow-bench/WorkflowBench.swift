import ArgumentParser
import CommandLineProgram
import Foundation
import WorkflowClient
import WorkflowProtocol

/// `workflow-bench`: measures the real service, and prints one JSON line a figure.
@main
struct WorkflowBench: CommandLineProgram {
    static let configuration = CommandConfiguration(
        commandName: "workflow-bench",
        abstract: "Measures workflowd as a client sees it.",
        discussion: """
            Run it from a release build: swift build -c release && .build/release/workflow-bench. \
            It starts the workflowd beside it, in temporary folders (TMPDIR) that must lie on a disk \
            for durable writes to mean anything. Machines are noisy: trust the ratios, which were \
            measured in one run.
            """,
        version: ServiceVersion.text)

    /// What can be measured.
    enum Figure: String, CaseIterable {
        case read, write, bulk, due, tick, size, send
    }

    @Option(
        name: .long,
        help: "Which figures, with commas: read,write,bulk,due,tick,size,send.",
        transform: WorkflowBench.figures)
    var only: Set<Figure> = Set(Figure.allCases)

    @Option(name: .long, help: "How many enrollments sleep for the figures tick and size.")
    var sleeping = 100_000

    @Flag(name: .long, help: "As --sleeping 1000000.")
    var full = false

    @Option(name: .long, help: "How many are enrolled for bulk, and due at once for due.")
    var due = 40_000

    @Option(name: .long, help: "Seconds that each load of commands is counted.")
    var seconds = 1

    @Option(name: .long, help: "How often each load runs; the middle one counts.")
    var rounds = 3

    @Flag(name: .long, help: .hidden)
    var pipeEcho = false

    func validate() throws {
        guard sleeping > 0, due > 0, seconds > 0, rounds > 0 else {
            throw ValidationError("Counts and seconds are at least 1.")
        }
    }

    func run() throws {
        if pipeEcho { return PipeEcho.serve() }
        do {
            try measure()
        } catch let error as ClientError {
            Report.progress(error.message)
            throw ExitCode(error.exitCode)
        }
    }

    private func measure() throws {
        try Machine.ask()
        for (figure, kind) in [(Figure.read, CommandFigures.Kind.read), (.write, .write)]
        where only.contains(figure) {
            try CommandFigures(kind: kind, duration: .seconds(seconds), rounds: rounds).measure()
        }
        if !only.isDisjoint(with: [.bulk, .due]) {
            try StepFigures(count: due, figures: only).measure()
        }
        if !only.isDisjoint(with: [.tick, .size]) {
            try SleepFigures(count: full ? 1_000_000 : sleeping, figures: only).measure()
        }
        if only.contains(.send) {
            try SendFigures(duration: .seconds(seconds), rounds: rounds).measure()
        }
    }

    private static func figures(_ text: String) throws -> Set<Figure> {
        try Set(
            text.split(separator: ",").map { name in
                guard let figure = Figure(rawValue: String(name)) else {
                    throw ValidationError("There is no figure \"\(name)\".")
                }
                return figure
            })
    }
}
