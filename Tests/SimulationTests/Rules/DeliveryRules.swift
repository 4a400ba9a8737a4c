import JSONLines
import WorkflowModel
import WorkflowService

/// What must hold in the end between what really happened to messages and what the feed says.
struct DeliveryRules {
    let provider: Provider
    let events: [JSONObject]
    let knowledge: Knowledge

    func check() throws {
        try checkTwice()
        try checkHistory()
        try checkEnds()
    }

    /// Nothing went twice, but where a person ordered it, or had said that the first did not go.
    private func checkTwice() throws {
        var steps: [Knowledge.Message: [Provider.Delivery]] = [:]
        for (key, delivery) in provider.deliveries {
            guard delivery.times <= 1 || knowledge.judged.contains(step(of: delivery)) else {
                throw Violation("\(key) was delivered \(delivery.times) times")
            }
            steps[step(of: delivery), default: []].append(delivery)
        }
        for (step, deliveries) in steps where deliveries.count > 1 {
            guard knowledge.judged.contains(step) || deliveries.contains(where: \.bounced) else {
                throw Violation("\(step.enrollment) \(step.step) went over two channels")
            }
        }
    }

    private func step(of delivery: Provider.Delivery) -> Knowledge.Message {
        let context = delivery.message.request["context"]
        return Knowledge.Message(
            enrollment: context?["enrollment"]?.string ?? "", step: context?["step"]?.string ?? "")
    }

    /// The events that say that a message went.
    static let successes: Set = ["message.accepted", "message.sent", "message.delivered"]

    /// What went is in the history, and what the history says went did go.
    private func checkHistory() throws {
        var said: [String: Set<String>] = [:]
        for event in events {
            guard let type = event["type"]?.string, let key = event["key"]?.string else { continue }
            said[key, default: []].insert(type)
        }
        let good = DeliveryRules.successes
        for (key, types) in said where !types.isDisjoint(with: good) {
            guard provider.hasDelivered(key) || isJudged(key) else {
                throw Violation("the history says that \(key) went, and it did not")
            }
        }
        for (key, delivery) in provider.deliveries {
            let known = good.union(["message.unknown"])
            let types = said[key] ?? []
            guard !types.isDisjoint(with: known) || delivery.bounced || isJudged(key) else {
                throw Violation("\(key) went, and the history says \(types.sorted())")
            }
        }
    }

    private func isJudged(_ key: String) -> Bool {
        events.contains { event in
            guard event["key"]?.string == key, let enrollment = event["enrollment"]?.string,
                let step = event["step"]?.string
            else { return false }
            return knowledge.judged.contains(
                Knowledge.Message(enrollment: enrollment, step: step))
        }
    }

    /// Each enrollment ended once, and nothing was claimed for it behind its end.
    private func checkEnds() throws {
        let ends: Set = ["enrollment.finished", "enrollment.exited", "enrollment.unenrolled"]
        var ended: Set<String> = []
        for event in events {
            guard let id = event["enrollment"]?.string, let type = event["type"]?.string else {
                continue
            }
            if ends.contains(type), !ended.insert(id).inserted {
                throw Violation("\(id) ended twice")
            }
            if ended.contains(id), type == "message.held" || type == "message.skipped" {
                throw Violation("\(id) went on after its end: \(type)")
            }
        }
        guard knowledge.inside.isEmpty else {
            throw Violation("\(knowledge.inside.sorted()) never ended")
        }
    }
}
