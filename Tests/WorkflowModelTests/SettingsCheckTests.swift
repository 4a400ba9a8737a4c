import JSONLines
import Testing
import WorkflowModel

/// Settings that cannot work are refused when they are set.
@Suite struct SettingsCheckTests {
    private func offence(_ changes: JSON, stored: JSON = [:]) -> String? {
        do throws(FieldError) {
            try Settings.check(
                changes.object ?? [:], stored: stored.object ?? [:], at: "args")
            return nil
        } catch {
            return error.path
        }
    }

    private static let refused: [(JSON, String)] = [
        (["senders": ["sms": "Evergreen Home Services"]], "args.senders.sms"),
        (["senders": ["sms": "12"]], "args.senders.sms"),
        (["senders": ["sms": "+0123456789"]], "args.senders.sms"),
        (["senders": ["sms": "Ann & Bob"]], "args.senders.sms"),
        (["senders": ["email": "office@example"]], "args.senders.email"),
        (["senders": ["email": "Evergreen <office@example>"]], "args.senders.email"),
        (["senders": ["email": "office@example.com\u{200B}"]], "args.senders.email"),
        (["senders": ["email": "Evergreen\r\nBcc: all"]], "args.senders.email"),
        (["senders": ["telegram": "\u{A0}"]], "args.senders.telegram"),
        (["senders": ["telegram": "a\nb"]], "args.senders.telegram"),
        (quiet(["start": "09:00", "end": "09:00"]), "args.notifications.quiet_hours.end"),
        (
            quiet([
                "start": "20:00", "end": "09:00",
                "channels": ["sms": ["start": "00:00", "end": "00:00"]],
            ]), "args.notifications.quiet_hours.channels.sms.end"
        ),
        (link("javascript:alert(1)//{contact}"), "args.links.unsubscribe"),
        (link("nolink"), "args.links.unsubscribe"), (link("{contact}"), "args.links.unsubscribe"),
        (link("https://example.com/u"), "args.links.unsubscribe"),
        (link("https:///{contact}"), "args.links.unsubscribe"),
        (link("https://{contact} .com"), "args.links.unsubscribe"),
        (link("https://example.com/u /{contact}"), "args.links.unsubscribe"),
        (link("https://example.com/{contact}\r\nBcc:x"), "args.links.unsubscribe"),
        (link(" https://example.com/{contact}"), "args.links.unsubscribe"),
        (link("mailto:out@example.com?subject={contact}"), "args.links.unsubscribe"),
        (link("data:text/html,{contact}"), "args.links.unsubscribe"),
        (link("https://example.com/\u{200B}{contact}"), "args.links.unsubscribe"),
        (["business": ["booking_url": "javascript:alert(1)"]], "args.business.booking_url"),
        (["business": ["review_url": "www.example.com"]], "args.business.review_url"),
        (["business": ["payment_url": "https://example.com/a b"]], "args.business.payment_url"),
    ]

    private static func quiet(_ hours: JSON) -> JSON { ["notifications": ["quiet_hours": hours]] }
    private static func link(_ text: String) -> JSON { ["links": ["unsubscribe": .string(text)]] }

    @Test(arguments: refused.indices) func isRefused(_ index: Int) {
        let (changes, path) = SettingsCheckTests.refused[index]
        #expect(offence(changes) == path)
        #expect(offence(changes, stored: changes) == nil, "what is stored already stays")
    }

    private static let taken: [JSON] = [
        ["senders": ["sms": "+15550100123", "email": "office@example.com", "telegram": "Bot"]],
        ["senders": ["sms": "Evergreen", "email": "Evergreen Home Services"]],
        ["senders": ["sms": "12345", "email": "Evergreen <office@example.com>"]],
        ["senders": ["sms": "", "email": nil]], ["senders": nil],
        quiet(["start": "20:00", "end": "09:00"]), quiet(nil),
        quiet(["start": "09:00", "end": "20:00", "channels": ["sms": nil]]),
        link("https://example.com/u/{contact}"), link("HTTP://example.com?c={contact}&x=%20"),
        link("https://user@example.com:8443/{contact}#out"), ["links": nil],
        ["business": ["booking_url": "https://example.com/bücher", "name": "A\nB", "url": 4]],
        ["business": ["booking_url": "", "review_url": nil]],
    ]

    @Test(arguments: taken.indices) func isTaken(_ index: Int) {
        #expect(offence(SettingsCheckTests.taken[index]) == nil)
    }

    @Test(
        "Mail addresses",
        arguments: [
            ("ann@example.com", true), ("ann.b+tag@mail.example.co.uk", true),
            ("änn@exämple.de", true),
            ("ann", false), ("", false), ("no", false), ("b@example.com\u{200B}", false),
            ("ann@example", false), ("a b@example.com", false), ("ann@example.com ", false),
            ("ann@example.com\n", false), ("<ann@example.com>", false), ("ann@@example.com", false),
            ("ann@example.com,bob@example.com", false), ("ann@-example.com", false),
            (".ann@example.com", false), ("ann@example..com", false),
            ("ann\u{3164}@example.com", false), ("ann\0@example.com", false),
        ])
    func addresses(text: String, isGood: Bool) {
        #expect((MailAddress(address: text) != nil) == isGood)
    }
}
