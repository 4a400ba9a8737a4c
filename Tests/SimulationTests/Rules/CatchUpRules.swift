import JSONLines
import WorkflowModel
import WorkflowService

/// After any interruption at most one message of an enrollment catches up: when a message leaves, the next
/// one is not due already.
final class CatchUpRules {
    private struct Left {
        let key: String
        let at: Instant
        let planned: Instant
    }

    private var latest: [Int64: Left] = [:]
    /// Messages that were due when another left: not allowed, if that one really went.
    private var suspects: [(key: String, before: String)] = []

    /// The wall clock was set back: moments of before are not to be compared with those of after.
    func forget() { latest = [:] }

    /// Notes a message that was handed over.
    func note(_ message: ClaimedMessage, _ definition: Definition?) {
        guard message.attempt == 1, message.address.variant == 0,
            let text = message.request["context"]?["planned"]?.string,
            let planned = Instant(rfc3339: text)
        else { return }
        let enrollment = message.address.enrollment
        defer { latest[enrollment] = Left(key: message.key, at: message.at, planned: planned) }
        // What is behind a branch may become due by a decision that comes late.
        guard let before = latest[enrollment], definition?.branches == false else { return }
        if planned > before.planned, planned < before.at {
            suspects.append((message.key, before.key))
        }
    }

    /// - Throws: ``Violation``.
    func check(_ events: [JSONObject]) throws {
        let went = Set(
            events.filter { DeliveryRules.successes.contains($0["type"]?.string ?? "") }
                .compactMap { $0["key"]?.string })
        for suspect in suspects where went.contains(suspect.before) {
            throw Violation("\(suspect.key) was due when \(suspect.before) before it left")
        }
    }
}
