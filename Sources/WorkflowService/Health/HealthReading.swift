import JSONLines
import ServiceHealth
import WorkflowModel
import WorkflowStore

/// Gathers what there is to know about the service.
struct HealthReading {
    let vitals: Vitals
    let clock: ServiceClock
    let gateway: any ChannelGateway
    /// The newest position that is committed: what the turn at hand wrote is no delay.
    let head: Int64

    /// All facts; those of the store are left out where there is no `session`.
    func facts(_ session: StoreSession?) throws -> HealthFacts {
        var facts = vitals.facts()
        facts.feed = FeedFacts(head: head, published: vitals.published)
        facts.channels = gateway.statusJSON.map(ChannelHealth.init)
        guard let session else { return facts }
        facts.schema = try session.schemaVersion()
        facts.schedule = try queue(.schedule, session)
        facts.inDoubt = try session.messagesInDoubt()
        facts.active = try session.activeEnrollments()
        for index in facts.channels.indices {
            facts.channels[index].queue = try queue(
                .channel(facts.channels[index].name), session)
        }
        return facts
    }

    private func queue(_ lane: Enrollment.Lane, _ session: StoreSession) throws -> QueueFacts {
        guard let oldest = try session.nextDue(in: lane), oldest <= clock.now else {
            return QueueFacts()
        }
        let due = try session.dueCount(in: lane, at: clock.now, limit: QueueFacts.most)
        return QueueFacts(due: due, age: clock.realTime(since: oldest))
    }
}

extension ChannelHealth {
    fileprivate init(_ status: JSON) {
        self.init(
            name: status["name"]?.string ?? "", state: status["state"]?.string ?? "ready")
        starts = Int(status["starts"]?.integer ?? 0)
        deaths = Int(status["deaths"]?.integer ?? 0)
        manifestChannel = status["manifest_channel"]?.string
        lastError = status["last_error"]?.string
        inFlight = Int(status["inflight"]?.integer ?? 0)
        answered = Int(status["answered"]?.integer ?? 0)
    }
}
