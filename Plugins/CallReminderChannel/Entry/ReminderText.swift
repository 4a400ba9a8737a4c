import ChannelKit
import JSONLines
import WorkflowModel

/// What staff read: whom to call, where, why, and what the contact has had so far.
struct ReminderText {
    let title: String
    let due: CalendarMoment
    private let notes: String?
    private let context: JSONObject
    /// Entries stand in the staff's zone; where that is not told, in the contact's.
    private let staffClock: WallClock

    /// The text of `message`, whose call is due at `due`; nil where the message has no title.
    init?(_ message: SendRequest, due: Instant) {
        guard let title = message.content["title"]?.string, !title.isEmpty else { return nil }
        self.title = title
        notes = message.content["notes"]?.string
        context = message.context
        let zone =
            message.context["business_time_zone"]?.string ?? message.context["time_zone"]?.string
        staffClock = WallClock(zone)
        self.due = CalendarMoment(due, zone: zone)
    }

    /// The entry's one line: the title and who it is about.
    var summary: String {
        guard let who = word("contact_name") ?? word("contact_phone"), !title.contains(who) else {
            return title
        }
        return "\(title) – \(who)"
    }

    /// What stands beside the ringing alarm: the line and the number.
    var alarm: String {
        guard let phone = word("contact_phone"), !summary.contains(phone) else { return summary }
        return "\(summary)\n\(phone)"
    }

    /// The telephone number as a link that clients offer to call; nil where it is none that can be
    /// called from everywhere (RFC 3966, section 5.1.4).
    var telephoneLink: String? {
        guard let phone = word("contact_phone") else { return nil }
        let digits = phone.filter { !" -.()\u{A0}".contains($0) }
        guard digits.first == "+", (4...16).contains(digits.utf8.count),
            digits.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        return "tel:\(digits)"
    }

    /// The entry's notes.
    var description: String {
        [who, notes, why, times, past].compactMap { $0 }.filter { !$0.isEmpty }
            .joined(separator: "\n\n")
    }

    private var who: String {
        ["contact_name", "contact_phone"].compactMap(word).joined(separator: "\n")
    }

    private var why: String? {
        guard let workflow = word("workflow") else { return nil }
        let step = word("step").map { ", step \($0)" } ?? ""
        return "Why: workflow \(workflow)\(step)"
    }

    private var times: String {
        let own = "Due: \(staffClock.textWithZone(due.instant))"
        let clock = WallClock(word("time_zone"))
        guard clock.isKnown, clock.offset(at: due.instant) != staffClock.offset(at: due.instant)
        else { return own }
        return "\(own)\nContact's time: \(clock.textWithZone(due.instant))"
    }

    private var past: String? {
        let lines = (context["sent"]?.array ?? []).suffix(Self.mostSent).compactMap(sentLine)
        return lines.isEmpty ? nil : "Sent so far:\n" + lines.joined(separator: "\n")
    }

    private func sentLine(_ sent: JSON) -> String? {
        guard let channel = sent["channel"]?.string else { return nil }
        let said = ["subject", "title", "text"].lazy.compactMap { sent[$0]?.string }.first ?? ""
        let at = sent["at"]?.string.flatMap(Instant.init(rfc3339:))
            .map { staffClock.text($0) + " " }
        let text = said.split(whereSeparator: \.isNewline).joined(separator: " ")
        let short = text.count > Self.longest ? text.prefix(Self.longest) + "…" : text[...]
        return "- \(at ?? "")\(channel): \(short)"
    }

    /// More would not be read by anybody.
    private static let mostSent = 20
    private static let longest = 300

    private func word(_ name: String) -> String? {
        guard let word = context[name]?.string, !word.isEmpty else { return nil }
        return word
    }
}
