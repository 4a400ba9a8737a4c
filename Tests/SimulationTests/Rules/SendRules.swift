import Foundation
import JSONLines
import WorkflowModel
import WorkflowService

/// What must hold of each message that is handed to a channel, by what was known outside before.
struct SendRules {
    let knowledge: Knowledge
    /// Commands that may be done or not: what they allow cannot be held against the service.
    let uncertain: [ClientCommand]
    /// Contacts that came back in this very turn, as a channel reported.
    let resubscribed: Set<String>
    let now: Instant

    /// - Throws: ``Violation``.
    func check(_ message: ClaimedMessage, channel: SimulatedChannel?) throws {
        guard let channel, let enrollment = text(message, "enrollment"),
            let contact = text(message, "contact"), let step = text(message, "step"),
            let workflow = text(message, "workflow")
        else { throw Violation("a message says not what it is about: \(message.key)") }
        let name = "\(enrollment) \(step) over \(message.channel)"
        guard channel.isUp else { throw Violation("\(name): the channel is down") }
        if knowledge.closed.contains(enrollment) {
            throw Violation("\(name): sent after the enrollment ended")
        }
        if !channel.isForStaff, knowledge.isSuppressed(contact, message.channel),
            !mayResubscribe(contact)
        {
            throw Violation("\(name): sent after \(contact) opted out")
        }
        if knowledge.states[workflow] == "halted", !mayActivate(workflow) {
            throw Violation("\(name): sent while \(workflow) is halted")
        }
        try checkVersion(message, enrollment, name)
        try checkTime(message, enrollment, contact, step, name, isForStaff: channel.isForStaff)
    }

    private func text(_ message: ClaimedMessage, _ member: String) -> String? {
        message.request["context"]?[member]?.string
    }

    // MARK: Versions

    private func checkVersion(_ message: ClaimedMessage, _ enrollment: String, _ name: String)
        throws
    {
        guard let definition = knowledge.definition(of: enrollment),
            let content = message.request["content"]?.object
        else { return }
        for (_, text) in content.members
        where text.string?.hasPrefix("\(definition.mark) ") != true {
            throw Violation("\(name): the text is not that of \(definition.mark)")
        }
    }

    // MARK: Time

    private func checkTime(
        _ message: ClaimedMessage, _ enrollment: String, _ contact: String, _ step: String,
        _ name: String, isForStaff: Bool
    ) throws {
        guard message.at == now else { throw Violation("\(name): handed over at another time") }
        guard message.notAfter >= now else { throw Violation("\(name): handed over too late") }
        guard !isForStaff, let quiet = knowledge.quiet, !mayChangeTime(contact),
            let definition = knowledge.definition(of: enrollment),
            !definition.ignoresQuiet.contains(step)
        else { return }
        if quiet.covers(minute: try localMinute(contact)) {
            throw Violation("\(name): sent in quiet hours of \(contact)")
        }
    }

    /// The minute of the day on the contact's clock, by Foundation.
    private func localMinute(_ contact: String) throws -> Int {
        let identifier = knowledge.zone(of: contact)
        guard let zone = TimeZone(identifier: identifier) else {
            throw Violation("there is no zone \(identifier)")
        }
        let date = Date(timeIntervalSince1970: Double(now.milliseconds) / 1_000)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let time = calendar.dateComponents([.hour, .minute], from: date)
        return (time.hour ?? 0) * 60 + (time.minute ?? 0)
    }

    // MARK: What is not certain

    private func mayResubscribe(_ contact: String) -> Bool {
        resubscribed.contains(contact)
            || uncertain.contains { command in
                if case .signal("contact.resubscribed", contact, _) = command.deed {
                    true
                } else {
                    false
                }
            }
    }

    private func mayActivate(_ workflow: String) -> Bool {
        uncertain.contains { command in
            if case .setState(workflow, _) = command.deed { true } else { false }
        }
    }

    private func mayChangeTime(_ contact: String) -> Bool {
        uncertain.contains { command in
            switch command.deed {
            case .putSettings: true
            case .putContact(contact, _), .eraseContact(contact): true
            default: false
            }
        }
    }
}
