import JSONLines
import WorkflowModel
import WorkflowProtocol

/// Checks names of channels in commands: what is said of a misspelt one would do nothing, in silence.
struct ChannelNames {
    let installed: [String]

    /// Refuses `name`, which stands at `path`, where no such channel is installed.
    func check(_ name: String, path: String) throws(CommandError) {
        guard !installed.contains(name) else { return }
        throw CommandError(
            .channelUnknown, "The channel \"\(name.prefix(80))\" is not installed.",
            hint: hint(for: name), path: path,
            details: ["channel": .string(String(name.prefix(80)))])
    }

    private func hint(for name: String) -> String {
        if let near = Spelling.nearest(to: name.lowercased(), among: installed) {
            return "Did you mean \"\(near)\"?"
        }
        guard !installed.isEmpty else { return "No channel is installed." }
        return "Installed are \(installed.sorted().joined(separator: ", "))."
    }

    // MARK: Signals

    /// Checks what the data of an opt-out, or of its end, name as its channel; without one it concerns all.
    /// - Parameter kept: what may be named besides: opt-outs that are stored of channels there once were.
    func check(data: JSONObject, or kept: Set<String> = []) throws(CommandError) {
        let path = "args.data.channel"
        switch data["channel"] ?? .null {
        case .null: return
        case .string(let name):
            if !kept.contains(name) { try check(name, path: path) }
        case let other:
            throw CommandError(
                .invalidValue, "Expected a channel's name, not \(other.kind).",
                hint: "Without data the signal concerns all channels.", path: path)
        }
    }

    /// Checks that the data of the end of an opt-out have no misspelled member: it would make all channels
    /// of the one that was meant.
    func checkMembers(of data: JSONObject) throws(CommandError) {
        let near = data.members.map(\.name).first {
            $0 != "channel" && Spelling.nearest(to: $0.lowercased(), among: ["channel"]) != nil
        }
        guard let near else { return }
        throw CommandError(
            .invalidValue, "No such member is known here.", hint: "Did you mean \"channel\"?",
            path: "args.data.\(near.prefix(80))")
    }

    // MARK: Settings

    /// Refuses settings for channels that are not installed, but those that `stored` has already.
    func check(_ settings: Settings, against stored: Settings) throws(CommandError) {
        for name in settings.senders.keys.sorted() where stored.senders[name] == nil {
            try check(name, path: "args.senders.\(name)")
        }
        for name in settings.quietHoursByChannel.keys.sorted()
        where stored.quietHoursByChannel[name] == nil {
            try check(name, path: "args.notifications.quiet_hours.channels.\(name)")
        }
    }
}

extension CommandContext {
    var channelNames: ChannelNames { ChannelNames(installed: turn.channels.names) }
}
