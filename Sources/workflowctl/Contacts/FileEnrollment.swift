import ArgumentParser
import Foundation
import JSONLines
import TerminalText
import WorkflowClient

/// Enrolls a file, shows how far it is, and reports what was refused.
struct FileEnrollment {
    let session: Session
    let options: ContactFileOptions
    let workflow: String

    /// Rows of refusals that are shown; a file takes all.
    private static let shownRefusals = 20

    /// Enrolls all rows.
    /// - Throws: `ExitCode` 1 where rows were refused, 130 after Ctrl-C; ``FileProblem``, `ClientError`.
    func run() throws {
        var bulk = BulkEnrollment(
            try ContactFile(path: options.csv ?? "", mapping: try options.mapping()),
            workflow: workflow, size: options.size)
        try enroll(&bulk)
        try report(bulk)
        guard bulk.outcome.count == bulk.total else {
            Terminal.errors.print(stopped(bulk.outcome))
            throw ExitCode(Interruption.exitCode)
        }
        if !bulk.outcome.refused.isEmpty { throw ExitCode(1) }
    }

    /// Enrolls piece after piece until all are done or Ctrl-C comes.
    private func enroll(_ bulk: inout BulkEnrollment) throws {
        let interruption = Interruption()
        let progress = ProgressLine(total: bulk.total)
        do {
            for piece in bulk.pieces where !interruption.hasCome {
                progress.show(bulk.outcome)
                try bulk.enroll(piece, session.client)
            }
            progress.clear()
        } catch {
            progress.clear()
            if bulk.outcome.lastRow > 0 { Terminal.errors.print(stopped(bulk.outcome)) }
            throw error
        }
    }

    private func stopped(_ outcome: BulkEnrollment.Outcome) -> String {
        "workflowctl: stopped \(outcome.lastRow > 0 ? "behind row \(outcome.lastRow)" : "before the first row"). Start it again with the same file: "
            + "nobody is enrolled twice."
    }

    private func report(_ bulk: BulkEnrollment) throws {
        let outcome = bulk.outcome
        if let path = options.refusals { try write(outcome.refused, to: path) }
        session.print(values(bulk)) {
            var lines = [
                "\(outcome.enrolled.grouped) of \(bulk.total.grouped) rows enrolled in \(workflow), "
                    + "\(outcome.inAlready.grouped) in already, "
                    + "\(outcome.refused.count.grouped) refused."
            ]
            if !outcome.refused.isEmpty { lines += [""] + table(outcome.refused) }
            return lines
        }
    }

    private func values(_ bulk: BulkEnrollment) -> [JSON] {
        let refused = bulk.outcome.refused.map { row -> JSON in
            [
                "row": .integer(Int64(row.row)), "code": .string(row.code),
                "reason": .string(row.reason),
            ]
        }
        return [
            [
                "rows": .integer(Int64(bulk.total)),
                "enrolled": .integer(Int64(bulk.outcome.enrolled)),
                "in_already": .integer(Int64(bulk.outcome.inAlready)),
                "refused": .array(refused), "last_row": .integer(Int64(bulk.outcome.lastRow)),
            ]
        ]
    }

    private func table(_ refused: [BulkEnrollment.RefusedRow]) -> [String] {
        var table = Table("#row", "code", "reason")
        for row in refused.prefix(Self.shownRefusals) {
            table.append(["\(row.row)", row.code, row.reason])
        }
        let more = refused.count - Self.shownRefusals
        return table.lines(width: session.output.width, ink: session.ink)
            + (more > 0 ? ["... and \(more.grouped) more; --refusals FILE writes all."] : [])
    }

    private func write(_ refused: [BulkEnrollment.RefusedRow], to path: String) throws {
        let lines = refused.map { row in
            "\(row.row),\(row.code),\"\(row.reason.replacing("\"", with: "\"\""))\""
        }
        let text = (["row,code,reason"] + lines).joined(separator: "\n") + "\n"
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw FileProblem.unwritable(path)
        }
    }
}

/// The progress bar on standard error, where a person looks at it.
private struct ProgressLine {
    private let bar: ProgressBar
    private let start = ContinuousClock.now
    private let isShown = Terminal.errors.isTerminal

    init(total: Int) {
        bar = ProgressBar(total: total, width: (Terminal.errors.width ?? 80) - 1)
    }

    func show(_ outcome: BulkEnrollment.Outcome) {
        guard isShown else { return }
        let seconds = Double((ContinuousClock.now - start).components.seconds)
        let note = outcome.refused.isEmpty ? "" : "\(outcome.refused.count.grouped) refused"
        Terminal.errors.write(
            "\r\u{1B}[K" + bar.line(done: outcome.count, seconds: seconds, note: note))
    }

    func clear() {
        if isShown { Terminal.errors.write("\r\u{1B}[K") }
    }
}
