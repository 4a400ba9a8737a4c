import ChannelHost
import Foundation
import JSONLines

/// Finds out which channels there are and how each is started.
struct ChannelInstallation {
    let configuration: Configuration
    let directory: DataDirectory

    /// The channels that every installation has.
    static let builtIn = ["sms", "email", "call_reminder"]
    /// The programs that serve them once they have an account; they lie beside this one.
    private static let programs = [
        "sms": "SMSChannel", "email": "EmailChannel", "call_reminder": "CallReminderChannel",
    ]

    /// What is configured, then what lies in the channels folder, then the outbox for every built-in
    /// channel that has no account yet.
    func settings() throws(StartError) -> [ChannelSettings] {
        var settings: [ChannelSettings] = []
        for (name, channel) in configuration.channels.sorted(by: { $0.key < $1.key }) {
            settings.append(try configured(name, channel))
        }
        for name in try droppedIn() where !settings.contains(where: { $0.name == name }) {
            let path = "\(configuration.channelsFolder ?? "")/\(name)"
            settings.append(try configured(name, Configuration.Channel(program: path)))
        }
        for name in Self.builtIn where !settings.contains(where: { $0.name == name }) {
            settings.append(try outbox(name))
        }
        return settings
    }

    private func configured(_ name: String, _ channel: Configuration.Channel) throws(StartError)
        -> ChannelSettings
    {
        let program = try program(name, channel)
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw .configuration(
                path: "channels.\(name)", "There is no executable at \(program).")
        }
        return ChannelSettings(
            name: name, program: program, arguments: channel.arguments,
            environment: channel.environment,
            config: channel.config, perSecond: channel.perSecond,
            workingDirectory: try directory.channelFolder(name))
    }

    private func program(_ name: String, _ channel: Configuration.Channel) throws(StartError)
        -> String
    {
        if let program = channel.program { return Self.absolute(program) }
        guard let program = Self.programs[name] else {
            throw .configuration(
                path: "channels.\(name)",
                "It needs a program; only \(Self.builtIn.joined(separator: ", ")) have their own.")
        }
        return Self.besideThisProgram(program)
    }

    private func droppedIn() throws(StartError) -> [String] {
        guard let folder = configuration.channelsFolder else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter {
                name in
                !name.hasPrefix(".")
                    && FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)")
            }
        } catch {
            throw .configuration(path: "channels_folder", "The folder cannot be read.")
        }
    }

    private func outbox(_ name: String) throws(StartError) -> ChannelSettings {
        let program = Self.besideThisProgram("OutboxChannel")
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw .configuration(
                path: "channels.\(name)",
                "It is not configured, and OutboxChannel does not lie beside workflowd.")
        }
        let folder = try directory.channelFolder(name)
        return ChannelSettings(
            name: name, program: program, arguments: ["--channel", name],
            config: ["path": .string("\(folder)/outbox.jsonl")], workingDirectory: folder)
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }

    private static func besideThisProgram(_ name: String) -> String {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name)
            .path
    }
}
