import ServiceHealth
import WorkflowModel
import WorkflowProtocol

/// What is to happen outside once a turn is committed: a value, so that dropping it undoes all of it.
struct Effects {
    /// Events in the order of their positions, to be published.
    private(set) var events: [Event] = []
    /// Other bodies for events that are not published yet, by position.
    private var bodies: [Int64: String] = [:]
    /// Messages to be handed to channels.
    var sends: [ClaimedMessage] = []
    /// Reports of channels to be acknowledged.
    var acknowledgements: [Acknowledgement] = []
    /// Messages whose claim has got its answer.
    var answered: [MessageAddress] = []
    /// What became of messages, to be counted.
    var fates: [MessageFate] = []
    /// What became of channels' reports, to be counted.
    var reportFates: [ReportFate] = []
    /// Questions to channels, to be asked.
    var queries: [ChannelQuery] = []
    /// Whether a client's key was revoked or changed.
    var keysChanged = false

    mutating func publish(_ event: Event) { events.append(event) }

    /// Lets the event at `seq`, which may be one of an older layer, be published with another body.
    mutating func rewrite(_ seq: Int64, body: String) {
        guard let first = events.first?.seq, seq >= first else { return bodies[seq] = body }
        // Positions have no gaps within a layer: attempts that were dropped gave theirs back.
        let index = Int(seq - first)
        guard events.indices.contains(index) else { return }
        events[index] = events[index].with(body: body)
    }

    /// Takes over what was decided on top of it.
    mutating func merge(_ newer: Effects) {
        for (seq, body) in newer.bodies { rewrite(seq, body: body) }
        events += newer.events
        sends += newer.sends
        acknowledgements += newer.acknowledgements
        answered += newer.answered
        fates += newer.fates
        reportFates += newer.reportFates
        queries += newer.queries
        keysChanged = keysChanged || newer.keysChanged
    }
}

extension Event {
    fileprivate func with(body: String) -> Event {
        Event(seq: seq, prev: prev, type: type, at: at, subject: subject, body: body)
    }
}

/// What became of a message that went over a channel, or should have.
struct MessageFate {
    let channel: String
    let outcome: String
}

/// What became of one report of a channel.
struct ReportFate {
    let channel: String
    let outcome: ReportOutcome
}

/// A report of a channel that is to be acknowledged.
struct Acknowledgement {
    let channel: String
    let eventID: String
}

/// A question to a channel: what became of the message of `key`.
struct ChannelQuery {
    let channel: String
    let key: String
}
