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
        let folder = try ChannelsFolder(configuration.channelsFolder)
        var settings: [ChannelSettings] = []
        for (name, channel) in configuration.channels.sorted(by: { $0.key < $1.key }) {
            settings.append(try configured(name, channel, folder))
        }
        for file in folder.files {
            let path = Self.absolute("\(folder.path)/\(file)")
            guard !settings.contains(where: { $0.name == file || $0.program == path }) else {
                continue
            }
            settings.append(try configured(file, Configuration.Channel(program: path), folder))
        }
        for name in Self.builtIn where !settings.contains(where: { $0.name == name }) {
            settings.append(try outbox(name))
        }
        return settings
    }

    private func configured(
        _ name: String, _ channel: Configuration.Channel, _ folder: ChannelsFolder
    ) throws(StartError) -> ChannelSettings {
        let program = try program(name, channel, folder)
        if let fault = ProgramFile.fault(of: program) {
            throw .configuration(path: "channels.\(name)", fault)
        }
        return ChannelSettings(
            name: name, program: program, arguments: channel.arguments,
            environment: channel.environment,
            config: channel.config, perSecond: channel.perSecond,
            workingDirectory: try directory.channelFolder(name))
    }

    private func program(
        _ name: String, _ channel: Configuration.Channel, _ folder: ChannelsFolder
    ) throws(StartError) -> String {
        if let program = channel.program { return Self.absolute(program) }
        if let program = Self.programs[name] { return Self.besideThisProgram(program) }
        let files = folder.files(serving: name)
        guard let file = files.first else {
            throw .configuration(
                path: "channels.\(name)",
                "It needs a program, or a file of its name in channels_folder; "
                    + "only \(Self.builtIn.joined(separator: ", ")) have their own.")
        }
        guard files.count == 1 else {
            throw .configuration(
                path: "channels.\(name)",
                "\(files.joined(separator: " and ")) in channels_folder could be its program; name one as program."
            )
        }
        return Self.absolute("\(folder.path)/\(file)")
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
