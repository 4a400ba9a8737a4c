import ArgumentParser
import Foundation
import JSONLines
import WorkflowClient

/// `workflow-bench`: measures the real service, and prints one JSON line a figure.
@main
struct WorkflowBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflow-bench",
        abstract: "Measures workflowd as a client sees it.",
        discussion: """
            Run it from a release build: swift build -c release && .build/release/workflow-bench. Machines are \
            noisy: trust the ratios, which were measured in one run.
            """)

    /// What can be measured.
    enum Figure: String, CaseIterable, ExpressibleByArgument {
        case commands, enrollments, steps, tick, size
    }

    @Option(
        name: .long, parsing: .upToNextOption,
        help: "Which figures: commands enrollments steps tick size.")
    var only: [Figure] = Figure.allCases

    @Option(name: .long, help: "How many enrollments sleep for the figures tick and size.")
    var sleeping = 100_000

    @Option(name: .long, help: "How many steps are due at once for the figure steps.")
    var due = 40_000

    @Option(name: .long, help: "Seconds that each load of commands runs.")
    var seconds = 2

    mutating func run() throws {
        do {
            for figure in only { try measure(figure) }
        } catch let error as ClientError {
            FileHandle.standardError.write(Data("workflow-bench: \(error.message)\n".utf8))
            throw ExitCode(error.exitCode)
        }
    }

    private func measure(_ figure: Figure) throws {
        switch figure {
        case .commands: try CommandFigures(seconds: seconds).measure()
        case .enrollments, .steps:
            guard figure == .steps || !only.contains(.steps) else { return }
            try StepFigures(count: due).measure()
        case .tick, .size:
            guard figure == .size || !only.contains(.size) else { return }
            try SleepFigures(count: sleeping).measure()
        }
    }
}
