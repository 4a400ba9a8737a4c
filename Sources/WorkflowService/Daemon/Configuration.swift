import ConfigurationFile
public import JSONLines
import Logging
public import WorkflowModel

/// How a daemon runs: what its configuration file and its arguments say.
public struct Configuration: Hashable, Sendable {
    /// The folder that holds the database, the lock and the channels' working folders.
    public var dataDirectory: String
    /// Where commands are taken.
    public var commandEndpoints: [Endpoint]
    /// Where events are published.
    public var eventEndpoints: [Endpoint]
    /// The clock it lives by.
    public var clock: ServiceClock.Kind
    /// What a clock that is not the machine's shows at the very first start; nil for the machine's time.
    public var clockStart: Instant?
    /// The least severe level that is logged.
    public var logLevel: String
    /// Whether log lines are JSON objects.
    public var logsJSON: Bool
    /// A folder whose executables are channels, each called as its file.
    public var channelsFolder: String?
    /// The channels by name, in place of the ones that are built in.
    public var channels: [String: Channel]
    /// The file that it was read from, for words about what turns out to be wrong later.
    private var source: Source?

    private struct Source: Hashable, Sendable {
        let path: String
        let text: String
    }

    /// How one channel is started.
    public struct Channel: Hashable, Sendable {
        /// The executable; nil for the one of a built-in channel.
        public var program: String?
        /// Its arguments.
        public var arguments: [String]
        /// The variables of the daemon's environment that it gets.
        public var environment: [String]
        /// What it is configured with, secrets resolved only when it is handed over.
        public var config: JSONObject
        /// How many messages it gets a second at most, 0.001 to 10,000; nil for no limit.
        public var perSecond: Double?

        /// A channel that `program` serves.
        public init(
            program: String?, arguments: [String] = [], environment: [String] = [],
            config: JSONObject = [:], perSecond: Double? = nil
        ) {
            self.program = program
            self.arguments = arguments
            self.environment = environment
            self.config = config
            self.perSecond = perSecond
        }
    }

    /// The default: everything below `dataDirectory`, loopback only.
    public init(dataDirectory: String) {
        self.dataDirectory = dataDirectory
        commandEndpoints = [Endpoint("tcp://127.0.0.1:7411")]
        eventEndpoints = [Endpoint("tcp://127.0.0.1:7412")]
        clock = .system
        logLevel = "info"
        logsJSON = false
        channels = [:]
    }

    /// The log levels, most verbose first.
    public static let logLevels = [
        "trace", "debug", "info", "notice", "warning", "error", "critical",
    ]
}

extension Configuration {
    /// Reads the YAML file at `path` over `self`.
    /// - Throws: ``StartError/configuration(path:_:)`` with the place and how to mend it.
    public mutating func read(file path: String) throws(StartError) {
        let text: String
        let json: JSON
        do {
            text = try ConfigurationFile.text(path)
            json = try ConfigurationFile.value(of: text)
        } catch {
            throw .configuration(path: path, error.reason)
        }
        // An empty file would start a service with an empty database somewhere else.
        guard json != [:], json != .null else {
            throw .configuration(
                path: path, "It says nothing. Leave out --config to start with the defaults.")
        }
        var faults = ConfigurationFaults()
        read(json, &faults)
        guard !faults.all.isEmpty else { return source = Source(path: path, text: text) }
        let lines = ConfigurationFile.lines(of: faults.all.map(\.path), in: text)
        throw .configuration(path: path, faults.text(lines: lines))
    }

    private mutating func read(_ json: JSON, _ faults: inout ConfigurationFaults) {
        guard
            var reader = faults.noting({ () throws(FieldError) in try ObjectReader(json, at: "") })
        else { return }
        dataDirectory =
            faults.noting { () throws(FieldError) in try reader.string("data") } ?? dataDirectory
        commandEndpoints =
            faults.noting { () throws(FieldError) in try reader.endpoints("commands") }
            ?? commandEndpoints
        eventEndpoints =
            faults.noting { () throws(FieldError) in try reader.endpoints("events") }
            ?? eventEndpoints
        clock =
            faults.noting { () throws(FieldError) in
                try reader.string("clock").map { text throws(FieldError) in
                    try Configuration.clock(text, at: "clock")
                }
            } ?? clock
        clockStart =
            faults.noting { () throws(FieldError) in try reader.instant("clock_start") }
            ?? clockStart
        channelsFolder =
            faults.noting { () throws(FieldError) in try reader.string("channels_folder") }
            ?? channelsFolder
        readLog(&reader, &faults)
        readChannels(&reader, &faults)
        faults.noteUnknownMembers(of: reader)
    }

    private mutating func readLog(_ reader: inout ObjectReader, _ faults: inout ConfigurationFaults)
    {
        guard
            var log = faults.noting({ () throws(FieldError) in try reader.object("log") })
        else { return }
        let level = faults.noting { () throws(FieldError) in
            try log.choice("level", Logger.Level.self)
        }
        logLevel = level?.rawValue ?? logLevel
        let format = faults.noting { () throws(FieldError) in
            try log.choice("format", LogFormat.self)
        }
        logsJSON = format.map { $0 == .json } ?? logsJSON
        faults.noteUnknownMembers(of: log)
    }

    private enum LogFormat: String, CaseIterable { case text, json }

    private mutating func readChannels(
        _ reader: inout ObjectReader, _ faults: inout ConfigurationFaults
    ) {
        let found = faults.noting { () throws(FieldError) in try reader.members("channels") }
        for (name, value) in found?.members ?? [] {
            channels[name] = faults.noting { () throws(FieldError) in
                try Channel(json: value, at: "channels.\(name)")
            }
        }
    }

    /// `error` with the file and the line that it is about, where a file says it.
    func locating(_ error: StartError) -> StartError {
        guard let source, case .configuration(let path, let reason) = error,
            let line = ConfigurationFile.lines(of: [path], in: source.text)[0]
        else { return error }
        return .configuration(path: source.path, "Line \(line), \(path): \(reason)")
    }

    /// The clock that `text` names: `system`, `simulated`, or a factor such as `3600x`.
    /// - Throws: ``FieldError`` where it names none.
    public static func clock(_ text: String, at path: String) throws(FieldError)
        -> ServiceClock.Kind
    {
        switch text {
        case "system": return .system
        case "simulated": return .simulated
        default:
            if text.hasSuffix("x"), let factor = Double(text.dropLast()),
                (1...1_000_000).contains(factor)
            {
                return .scaled(factor: factor)
            }
            throw FieldError(
                .invalid, at: path,
                "A clock is system, simulated, or a factor from 1x to 1000000x.",
                hint: "For instance 3600x, an hour each second.")
        }
    }
}

extension Configuration.Channel {
    init(json: JSON, at path: String) throws(FieldError) {
        var reader = try ObjectReader(json, at: path)
        program = try reader.string("program")
        arguments = try reader.names("arguments") ?? []
        environment = try reader.names("environment") ?? []
        config = try reader.members("config") ?? [:]
        if let number = reader.value("per_second") {
            guard let value = number.double, (0.001...10_000).contains(value) else {
                throw reader.invalid("per_second", "It must be a number from 0.001 to 10000.")
            }
            perSecond = value
        }
        try reader.finish()
    }
}

extension ObjectReader {
    fileprivate mutating func names(_ name: String) throws(FieldError) -> [String]? {
        if case .string(let text)? = value(name) { return [text] }
        guard value(name) != nil else { return nil }
        let names: [String] = try names(name)
        return names
    }
}
