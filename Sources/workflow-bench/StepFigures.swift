import Foundation
import JSONLines
import WorkflowClient

/// Enrollments a second by bulk, and step executions a second when all are due at once: a delay and a
/// message each, through a real channel process, every step recorded durably.
struct StepFigures {
    let count: Int
    let figures: Set<WorkflowBench.Figure>

    func measure() throws {
        let service = try LocalService(name: "workflow-bench", arguments: ["--clock", "simulated"])
        defer {
            service.stop()
            service.remove()
        }
        let client = try service.client(timeout: .seconds(600))
        let population = Population(client: client, count: count)
        try population.setUp([
            ["id": "wait", "kind": "delay", "for": ["days": 1]],
            [
                "id": "text", "kind": "message", "channel": "sms",
                "content": ["text": "Hi {{ contact.first_name }}, {{ business.name }} here."],
            ],
        ])
        let before = ProcessUse(service.process)
        let enrolling = try population.enroll(withFields: true)
        let use = ProcessUse(service.process)
        try population.checkCount("inside", count)
        if figures.contains(.bulk) {
            report(enrolling, use.processorSeconds - before.processorSeconds)
        }
        if figures.contains(.due) { try advance(service, population) }
    }

    private func report(_ enrolling: Duration, _ processorSeconds: Double) {
        Report.figure(
            "enrollments_bulk", Double(count) / enrolling.seconds, "1/s",
            [
                "count": .integer(Int64(count)), "per_command": 1_000, "with_contact_fields": true,
                "service_cpu_seconds": .number(processorSeconds.rounded(to: 3)),
            ])
    }

    private func advance(_ service: LocalService, _ population: Population) throws {
        let before = ProcessUse(service.process)
        let stepping = try ContinuousClock().measure {
            try population.client.call("clock.advance", ["by": ["days": 2]])
        }
        let use = ProcessUse(service.process)
        let steps = try executed(population)
        Report.figure(
            "step_executions", Double(steps.delays + steps.messages) / stepping.seconds, "1/s",
            [
                "due": .integer(Int64(count)), "delays": .integer(Int64(steps.delays)),
                "messages": .integer(Int64(steps.messages)),
                "messages_per_second": .number(
                    (Double(steps.messages) / stepping.seconds).rounded()),
                "seconds": .number(stepping.seconds.rounded(to: 3)),
                "service_cpu_seconds": .number(
                    (use.processorSeconds - before.processorSeconds).rounded(to: 3)),
            ])
    }

    /// How many contacts are past the delay, and how many messages the channel took.
    private func executed(_ population: Population) throws -> (delays: Int, messages: Int) {
        try population.checkCount("finished", count)
        let stats = try population.client.call(
            "workflow.stats", ["workflow": .string(Population.workflow)])
        let text = stats["steps"]?.array?.first { $0["step"] == "text" }
        let taken = ["accepted", "sent", "delivered"].compactMap { text?[$0]?.integer }
        return (Int(text?["reached"]?.integer ?? 0), Int(taken.max() ?? 0))
    }
}
