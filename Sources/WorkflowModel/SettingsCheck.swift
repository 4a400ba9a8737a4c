public import JSONLines

extension Settings {
    /// Refuses settings that cannot work, and would only show with the messages that fail by them.
    ///
    /// What `stored` has already stays: programs up to 0.3.0 took it.
    /// - Parameter changes: members at the top, as ``init(json:at:)`` reads them.
    /// - Throws: ``FieldError`` about the first offence; `path` is where `changes` stand.
    public static func check(_ changes: JSONObject, stored: JSONObject, at path: String)
        throws(FieldError)
    {
        let check = SettingsCheck(changes: changes, stored: stored, path: path)
        try check.quietHours()
        try check.senders()
        try check.links()
        try check.businessLinks()
    }
}

private struct SettingsCheck {
    let changes: JSONObject
    let stored: JSONObject
    let path: String

    /// The texts of member `name` that are not stored already.
    private func newTexts(_ name: String) -> [(name: String, text: String)] {
        (changes[name]?.object?.members ?? []).compactMap { member in
            guard let text = member.value.string, !text.isEmpty,
                stored[name]?[member.name] != member.value
            else { return nil }
            return (member.name, text)
        }
    }

    // MARK: Times

    func quietHours() throws(FieldError) {
        let place = "\(path).notifications.quiet_hours"
        let hours = changes["notifications"]?["quiet_hours"]
        let before = stored["notifications"]?["quiet_hours"]
        try check(hours, before, at: place)
        for (name, value) in hours?["channels"]?.object?.members ?? [] {
            try check(value, before?["channels"]?[name], at: "\(place).channels.\(name)")
        }
    }

    private func check(_ hours: JSON?, _ before: JSON?, at place: String) throws(FieldError) {
        guard let start = hours?["start"]?.string.flatMap(WallTime.init(text:)),
            start == hours?["end"]?.string.flatMap(WallTime.init(text:)),
            before?["start"] != hours?["start"] || before?["end"] != hours?["end"]
        else { return }
        throw FieldError(
            .invalid, at: "\(place).end", "Quiet hours that end when they begin hold nothing.",
            hint: "Send null where there are to be none; workflow.halt stops all messages.")
    }

    // MARK: Senders

    func senders() throws(FieldError) {
        for (channel, text) in newTexts("senders") {
            guard let hint = SettingsCheck.objection(to: text, channel) else { continue }
            throw FieldError(
                .invalid, at: "\(path).senders.\(channel)",
                "The channel \"\(channel)\" cannot send in this name.", hint: hint)
        }
    }

    /// What a sender of `channel` has to be, where `text` is not.
    private static func objection(to text: String, _ channel: String) -> String? {
        switch channel {
        case "sms" where !SMSSender.isValid(text):
            "A number such as +15550100123, a short code, or a name of up to 11 letters and digits."
        case "email" where text.contains("@") && MailAddress(text) == nil:
            "An address such as office@example.com, a name, or both: Evergreen <office@example.com>."
        case _ where text.looksEmpty || text.unicodeScalars.contains(where: \.isControl):
            "A text without line breaks; leave it out where the channel's own configuration says it."
        default: nil
        }
    }

    // MARK: Links

    func links() throws(FieldError) {
        for (name, text) in newTexts("links") where name == "unsubscribe" {
            let place = "\(path).links.unsubscribe"
            let hint = "For instance https://example.com/unsubscribe/{contact}."
            guard WebLink.isValid(text.replacing("{contact}", with: "x"), asciiOnly: true) else {
                throw FieldError(
                    .invalid, at: place, "It is no link by http or https.", hint: hint)
            }
            guard text.contains("{contact}") else {
                throw FieldError(
                    .invalid, at: place, "It does not say who unsubscribes: {contact} is missing.",
                    hint: hint)
            }
        }
    }

    func businessLinks() throws(FieldError) {
        for (name, text) in newTexts("business") where name.hasSuffix("_url") {
            guard !WebLink.isValid(text, asciiOnly: false) else { continue }
            throw FieldError(
                .invalid, at: "\(path).business.\(name)", "It is no link by http or https.",
                hint: "For instance https://example.com/book.")
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
