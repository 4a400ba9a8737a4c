import Foundation
import JSONLines
import WorkflowClient

/// Enrollments a second by bulk, and step executions a second when all are due at once: a delay and a
/// message each, through a real channel process, every step recorded durably.
struct StepFigures {
    let count: Int

    func measure() throws {
        let service = try LocalService(name: "workflow-bench", arguments: ["--clock", "simulated"])
        defer {
            service.stop()
            service.remove()
        }
        let client = try service.client(timeout: .seconds(600))
        let population = Population(client: client, count: count)
        try population.setUp([
            ["kind": "delay", "for": ["days": 1]],
            [
                "kind": "message", "channel": "sms",
                "content": ["text": "Hi {{ contact.first_name }}, {{ business.name }} here."],
            ],
        ])
        let enrolling = try ContinuousClock().measure { try population.enroll(withFields: true) }
        Report.figure(
            "enrollments_bulk", Double(count) / enrolling.seconds, "1/s",
            ["count": .integer(Int64(count))])
        let stepping = try ContinuousClock().measure {
            try client.call("clock.advance", ["by": ["days": 2]])
        }
        Report.figure(
            "step_executions", Double(count * 2) / stepping.seconds, "1/s",
            [
                "due": .integer(Int64(count)),
                "messages_per_second": .number((Double(count) / stepping.seconds).rounded()),
            ])
    }
}
