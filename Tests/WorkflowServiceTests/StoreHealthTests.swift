import Logging
import Testing
import WorkflowStore

@testable import WorkflowService

/// What the log tells of a store that fails: little, whatever happens in between.
struct StoreHealthTests {
    private let lines = Lines()
    private var health = StoreHealth()

    /// Collects what is logged.
    private final class Lines: @unchecked Sendable {
        var texts: [String] = []
    }

    private struct Collector: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.texts.append("\(event.message)") }
    }

    private var log: Logger {
        let lines = lines
        return Logger(label: "test") { _ in Collector(lines: lines) }
    }

    @Test mutating func oneLineForManyFailures() {
        for second in 0..<100 { health.failed(.full, at: .seconds(second), log) }
        #expect(lines.texts == ["The store failed; writes are refused until it works again"])
        #expect(health.isInDoubt)
        #expect(health.nextAttempt == .seconds(100))
    }

    @Test mutating func oneMoreForEachCause() {
        for second in 0..<100 {
            health.failed(second % 2 == 0 ? .full : .readOnly, at: .seconds(second), log)
        }
        #expect(lines.texts.count == 2)
    }

    @Test mutating func wellOnlyAfterACalm() {
        health.failed(.full, at: .seconds(10), log)
        health.worked(at: .milliseconds(10_500), log)
        #expect(health.isInDoubt)
        #expect(health.nextAttempt == nil)
        health.failed(.full, at: .milliseconds(10_600), log)
        health.worked(at: .milliseconds(11_500), log)
        #expect(lines.texts.count == 1)
        health.worked(at: .milliseconds(11_600), log)
        #expect(lines.texts.last == "The store works again")
        #expect(!health.isInDoubt)
        health.worked(at: .seconds(20), log)
        #expect(lines.texts.count == 2)
    }

    @Test mutating func aNewEpisodeHasLinesOfItsOwn() {
        for start in [0, 100] {
            health.failed(.full, at: .seconds(start), log)
            health.worked(at: .seconds(start + 2), log)
        }
        #expect(lines.texts.count == 4)
    }
}
