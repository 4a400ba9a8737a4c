import ChannelKit
import Glibc
import JSONLines

/// Its loop: one request after the other, by hand, so that it can break every rule.
struct FaultyProgram {
    let fault: Fault
    let argument: String?
    var input: FaultyInput
    var reports: FaultyReports
    var keys: KeyFile
    /// Messages whose answers wait.
    var held: [JSON] = []
    /// How often it was configured, and whether a configuration was refused or taken already.
    var configured = 0
    var hasRefused = false
    var hasTaken = false

    init(fault: Fault, argument: String?) {
        self.fault = fault
        self.argument = argument
        input = FaultyInput(fault)
        reports = FaultyReports(fault)
        keys = KeyFile(reads: fault != .forgetsKeys)
    }

    mutating func run() {
        while true {
            switch input.next(patience: reports.isEmpty ? -1 : 100) {
            case .line(let line): take(line)
            case .silence: reports.repeatAll()
            case .end: return end()
            }
            if fault == .drainsEarly, input.isDrained { answerHeld() }
        }
    }

    private func end() {
        if fault == .ignoresTermination || fault == .ignoresEndOfInput {
            Surroundings.waitForEver()
        }
    }

    private mutating func take(_ line: [UInt8]) {
        guard let json = try? JSON(parsing: line) else {
            return dies(of: .diesOnGarbage)
        }
        if json["news"] != nil { dies(of: .refusesNews) }
        guard let (id, request) = try? HostRequest.read(json) else {
            return dies(of: .diesOnUnknownRequest)
        }
        if fault == .numericIDs, id.integer == nil { return }
        take(fault == .roundsIDs ? rounded(id) : id, request)
    }

    private func dies(of cause: Fault) {
        if fault == cause { exit(4) }
    }

    /// What is left of an id in a language whose numbers are single floats.
    private func rounded(_ id: JSON) -> JSON {
        id.integer.map { .integer(Int64(Float($0))) } ?? id
    }

    private mutating func take(_ id: JSON, _ request: HostRequest) {
        switch request {
        case .hello: greet(id)
        case .configure(let config, let check): configure(id, config, check)
        case .send(let message): send(id, message)
        case .query(let key): query(id, key)
        case .ping: ping(id)
        case .drain: Wire.answer(id, ["ok": true])
        case .acknowledge(let eventID): acknowledged(id, eventID)
        }
    }

    private mutating func ping(_ id: JSON) {
        switch fault {
        case .answersLate: answerHeld()
        case .neverAnswers, .answersNoPing: break
        default: Wire.answer(id, ["ok": true])
        }
    }

    private mutating func answerHeld() {
        for id in held { Wire.answer(id, ["outcome": "sent"]) }
        held = []
    }

    private func query(_ id: JSON, _ key: String) {
        let isKnown = keys.contains(key) && fault != .forgetsMessages
        let answer = isKnown || fault == .knowsEverything ? "sent" : "not_found"
        Wire.answer(id, ["outcome": .string(answer)])
    }

    /// Forgets the report, or does what a fault makes of it.
    private mutating func acknowledged(_ id: JSON, _ eventID: String) {
        reports.acknowledge(eventID)
        switch (fault, eventID) {
        case (.answersAcknowledgements, _): Wire.answer(id, ["ok": true])
        case (.reports, "e2"): Wire.write(line: .status(eventID: "e1", key: "k1", .delivered))
        case (.reports, "e1"):
            Wire.write(line: .inbound(.init(eventID: "e3", kind: .reply, text: "acknowledged e1")))
        default: break
        }
    }
}
