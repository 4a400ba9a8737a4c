import JSONLines
import Logging
import WorkflowProtocol

/// What the log tells of the service's work at `debug` and `trace`: names and numbers of the service's own.
///
/// A contact's id is left out: it is its client's to choose, and may be a phone number.
enum ActivityLog {
    /// `trace`: each command; `debug`: those that were refused.
    static func note(_ answer: MessageRun.Answer, _ log: Logger) {
        guard log.logLevel <= .debug else { return }
        // What is no command is its client's own words.
        let op = answer.op.flatMap { CommandTable.byOp[$0] == nil ? nil : $0 } ?? "unknown"
        guard let refusal = answer.refusal else {
            return log.trace("Command", metadata: ["op": "\(op)"])
        }
        log.debug("Command refused", metadata: ["op": "\(op)", "code": "\(refusal.rawValue)"])
    }

    /// `debug`: each event that was committed.
    static func note(_ event: Event, _ log: Logger) {
        guard log.logLevel <= .debug else { return }
        var metadata: Logger.Metadata = ["seq": "\(event.seq)", "type": "\(event.type)"]
        for name in ["enrollment", "workflow"] {
            if let value = event.subject[name]?.string { metadata[name] = "\(value)" }
        }
        log.debug("Event", metadata: metadata)
    }
}
