import Foundation
import JSONLines
import Testing
import WorkflowEngine
import WorkflowModel

/// A life in one of the shipped templates, as the service comes with it.
struct TemplateJourney {
    var journey: Journey

    /// A contact whose wall clock shows `start` is enrolled; quiet hours are the default ones.
    init(
        _ template: String, at start: String, zone: String = "America/New_York",
        record: JSONObject = [:]
    ) throws {
        var facts = Facts.quiet(record: record, zone: zone)
        facts.settings.business = [
            "name": "Maple Plumbing", "phone": "+1 212 555 0199", "address": "1 Main St, New York",
            "booking_url": "https://maple.example/book", "review_url": "https://maple.example/r",
            "payment_url": "https://maple.example/pay",
        ]
        facts.settings.unsubscribeLink = "https://maple.example/u/{contact}"
        journey = try Journey(try TemplateJourney.definition(template), at: start, facts: facts)
        journey.showsOffset = true
    }

    /// What the file of `template` holds.
    static func definition(_ template: String) throws -> JSON {
        let sources = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/WorkflowService/Templates/\(template).json")
        let file = try JSON(parsing: Array(Data(contentsOf: sources)))
        #expect(file["id"]?.string == template)
        return try #require(file["definition"])
    }

    /// Why it would not be enrolled, if so.
    func refusal() -> EnrollmentCheck.Refusal? {
        var check = EnrollmentCheck(
            timeline: journey.timeline, enrollment: journey.enrollment, facts: journey.facts,
            now: journey.now)
        return check.refusal()
    }

    /// The lines of the whole life.
    ///
    /// A message that quiet hours held leaves within five minutes behind them: `09:00+`.
    mutating func lines() throws -> [String] {
        try journey.run()
        return TemplateJourney.spread(journey.lines)
    }

    private static func spread(_ lines: [String]) -> [String] {
        var held = false
        return lines.map { line in
            defer { held = line.hasSuffix("held quiet_hours") }
            guard held, let minute = Int(line.dropFirst(9).prefix(2)) else { return line }
            let end = minute / 5 * 5
            return line.prefix(9) + (end < 10 ? "0" : "") + "\(end)+" + line.dropFirst(11)
        }
    }

    /// The lines of a whole life that goes as `change` has it.
    static func lines(
        _ template: String, at start: String, zone: String = "America/New_York",
        record: JSONObject = [:], _ change: (inout Journey) throws -> Void = { _ in }
    ) throws -> [String] {
        var life = try TemplateJourney(template, at: start, zone: zone, record: record)
        #expect(life.refusal() == nil)
        try change(&life.journey)
        return try life.lines()
    }

    /// The minute behind quiet hours up to 09:00 at which the message at step `node` leaves.
    static func spreadMinute(ofNode node: Int) -> String {
        "09:0\(QuietHoursSpread.offset(contact: "ann", node: node).milliseconds / 60_000)"
    }
}

extension Journey {
    /// Up to `moment` all goes as planned; then `signal` comes, or the contact opts out of all.
    mutating func leave(on signal: String?, at moment: String) throws {
        try run(to: moment)
        if let signal {
            try self.signal(signal)
        } else {
            facts.suppression.all = true
            wake()
        }
    }
}
