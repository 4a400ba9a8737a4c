import JSONLines
import ServiceHealth
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// Settles messages of which nobody knows whether they went: because their channel died, took too long,
/// or because the service itself stopped between the commit of the intent and that of the answer.
///
/// A channel that can be asked is asked. One that tells a repeated key gets the message again with the
/// same key. With any other the message waits for a person; see `execution.resolve`.
struct DoubtResolver {
    let turn: Turn
    let runner: EnrollmentRunner
    /// The messages that are with a channel now, whose answers are on their way.
    let inFlight: Set<MessageAddress>

    /// Takes up all messages of `channel`, which runs again, whose fate is open.
    ///
    /// One that cannot be taken up stays as it is, and spoils no other.
    func resolveAll(of channel: String) throws {
        // One that has died again is asked when it is back.
        guard turn.channels.state(channel)?.isUp == true else { return }
        let underway = underway
        let open = try [MessageState.sending, .unknown].flatMap { state in
            try turn.session.openMessages(channel: channel, state: state).map(\.address)
        }.filter { !underway.contains($0) }
        do {
            try turn.attempt { for address in open { try takeUp(address, channel) } }
        } catch {
            if StoreError(error) != nil { throw error }
            for address in open { try takeUpAlone(address, channel) }
        }
    }

    private func takeUpAlone(_ address: MessageAddress, _ channel: String) throws {
        do {
            try turn.attempt { try takeUp(address, channel) }
        } catch {
            if StoreError(error) != nil { throw error }
            turn.note(.failed, of: channel)
        }
    }

    private func takeUp(_ address: MessageAddress, _ channel: String) throws {
        let reason = try remembered(address) ?? "The service stopped before the answer came."
        try resolve(address, channel, reason: reason)
    }

    /// What is with a channel; what this turn claimed leaves behind its commit, and is in no doubt.
    private var underway: Set<MessageAddress> { turn.underway(inFlight) }

    /// Takes up a message whose answer will not come any more.
    func doubt(_ message: ReportedMessage, _ channel: String, reason: String) throws {
        try remember(reason, of: message.address)
        // A channel that is down takes it up when it runs again.
        guard let state = turn.channels.state(channel) else { return }
        if state.isUp || !(state.answersQueries || state.tellsRepeatedKeys) {
            try resolve(message.address, channel, reason: reason)
        }
    }

    /// Takes what the channel knows of a message; nil where it never saw it, so that it can go again.
    ///
    /// What it knew before a newer attempt says nothing of that attempt.
    func answered(_ message: ReportedMessage, _ channel: String, _ outcome: SendOutcome?) throws {
        let address = message.address
        if outcome?.isSuccess != true, underway.contains(address) { return }
        switch outcome {
        case nil: try repeatUnseen(address)
        case .unknown(let reason)?:
            if turn.channels.state(channel)?.tellsRepeatedKeys == true {
                try repeatMessage(address)
            } else {
                try settle(address, .unknown(reason: try remembered(address) ?? reason))
            }
        case let outcome?: try settle(address, outcome)
        }
    }

    private func resolve(_ address: MessageAddress, _ channel: String, reason: String) throws {
        guard let state = turn.channels.state(channel) else { return }
        if state.answersQueries, state.isUp {
            turn.query(address.key(instance: runner.instance), channel)
        } else if state.tellsRepeatedKeys {
            try repeatMessage(address)
        } else {
            try settle(address, .unknown(reason: reason))
        }
    }

    /// Sends a message that its channel never saw; where its enrollment has ended, it did not go.
    private func repeatUnseen(_ address: MessageAddress) throws {
        let failure = SendFailure(.permanent, reason: "It never reached its channel.")
        try sendAgain(address, otherwise: .failed(failure)) { $0.repeatUnseen(address) }
    }

    /// Sends a message that may have gone; where its enrollment has ended, it stays unknown.
    private func repeatMessage(_ address: MessageAddress) throws {
        let reason = "The enrollment ended before the channel's answer came."
        try sendAgain(address, otherwise: .unknown(reason: reason)) { $0.repeatDoubtful() }
    }

    /// Sends a message again by `attempt`; where its enrollment has gone on, it is settled `otherwise`.
    ///
    /// One that was tried too often, since a person looked, waits for a person: it may be what kills its
    /// channel.
    private func sendAgain(
        _ address: MessageAddress, otherwise outcome: SendOutcome,
        _ attempt: (inout EnrollmentMachine) -> Void
    ) throws {
        guard let stored = try turn.session.enrollment(address.enrollment) else { return }
        guard stored.enrollment.status == .active, stored.enrollment.node == address.node else {
            return try settle(address, outcome)
        }
        let request = try request(address)
        let ruledOut = request["ruled_out"]?.integer ?? 0
        guard stored.enrollment.attempt - Int(ruledOut) < Self.mostAttempts else {
            let reason = request["doubt"]?.string ?? "No answer came."
            return try settle(address, .unknown(reason: reason))
        }
        try runner.run(stored, attempt)
    }

    /// After so many attempts without an answer a message waits for a person.
    private static let mostAttempts = 5

    // MARK: Reasons

    /// Keeps what was said first of why nobody knows: later attempts only meet the doubt that it left.
    private func remember(_ reason: String, of address: MessageAddress) throws {
        guard var message = try turn.session.message(address), message.state <= .unknown else {
            return
        }
        var request = try request(address)
        guard !request.isEmpty, request["doubt"] == nil else { return }
        request["doubt"] = .string(reason)
        message.request = JSON.object(request).text
        try turn.session.put(message)
    }

    private func remembered(_ address: MessageAddress) throws -> String? {
        try request(address)["doubt"]?.string
    }

    /// What was handed over of the message; empty where it is known no more.
    private func request(_ address: MessageAddress) throws -> JSONObject {
        guard let text = try turn.session.message(address)?.request else { return [:] }
        return try JSON(parsing: text).object ?? [:]
    }

    private func settle(_ address: MessageAddress, _ outcome: SendOutcome) throws {
        guard let stored = try turn.session.enrollment(address.enrollment) else { return }
        try runner.run(stored) { $0.settle(address, outcome) }
    }
}
