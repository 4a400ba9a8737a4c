import Foundation
import JSONLines
public import Logging
import WorkflowModel

/// The service's log: one line an entry, on standard error.
public struct ServiceLog: Sendable {
    /// Where entries go.
    public let logger: Logger
    /// The least severe level that is logged, now and from when it is set.
    public let threshold: LogThreshold

    /// A log as `configuration` asks for.
    public init(_ configuration: Configuration) {
        let threshold = LogThreshold(Logger.Level(rawValue: configuration.logLevel) ?? .info)
        let asJSON = configuration.logsJSON
        self.threshold = threshold
        logger = Logger(label: "workflowd") { _ in LineLog(asJSON: asJSON, threshold: threshold) }
    }

    /// Writes `text` on standard error as what ended the program.
    public static func write(error text: String) { write(LogPriority.lines(text, .error)) }

    /// Writes `text` on standard error; what cannot be written there is dropped.
    ///
    /// A log on a full disk must not end the service, as `FileHandle` would.
    public static func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest.removeFirst(count)
        }
    }
}

/// Writes entries as text for people or as JSON for collectors.
private struct LineLog: LogHandler {
    let asJSON: Bool
    let threshold: LogThreshold
    var metadata: Logger.Metadata = [:]

    init(asJSON: Bool, threshold: LogThreshold) {
        self.asJSON = asJSON
        self.threshold = threshold
    }

    var logLevel: Logger.Level {
        get { threshold.level }
        set { threshold.level = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let at = SystemTime.wall().rfc3339
        let line = asJSON ? json(at, event, all) : text(at, event, all)
        ServiceLog.write(LogPriority.lines(line, event.level))
    }

    private func text(
        _ at: String, _ event: LogEvent, _ all: [(key: String, value: Logger.MetadataValue)]
    ) -> String {
        let details = all.map { " \($0.key)=\($0.value)" }.joined()
        return "\(at) \(event.level) \(event.message)\(details)"
    }

    private func json(
        _ at: String, _ event: LogEvent, _ all: [(key: String, value: Logger.MetadataValue)]
    ) -> String {
        var object: JSONObject = [
            "at": .string(at), "level": .string(event.level.rawValue),
            "message": .string("\(event.message)"),
        ]
        for (key, value) in all { object[key] = .string("\(value)") }
        return JSON.object(object).text
    }
}
