import ConfigurationFile
public import JSONLines
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
        let json: JSON
        do {
            json = try ConfigurationFile.read(path)
        } catch {
            throw .configuration(path: path, error.reason)
        }
        do {
            try read(json)
        } catch {
            let hint = error.hint.map { " " + $0 } ?? ""
            throw .configuration(path: path, "\(error.path): \(error.message)\(hint)")
        }
    }

    private mutating func read(_ json: JSON) throws(FieldError) {
        var reader = try ObjectReader(json, at: "")
        dataDirectory = try reader.string("data") ?? dataDirectory
        commandEndpoints = try reader.endpoints("commands") ?? commandEndpoints
        eventEndpoints = try reader.endpoints("events") ?? eventEndpoints
        if let text = try reader.string("clock") {
            clock = try Configuration.clock(text, at: "clock")
        }
        clockStart = try reader.instant("clock_start") ?? clockStart
        channelsFolder = try reader.string("channels_folder") ?? channelsFolder
        if var log = try reader.object("log") { try readLog(&log) }
        for (name, value) in try reader.members("channels")?.members ?? [] {
            channels[name] = try Channel(json: value, at: "channels.\(name)")
        }
        try reader.finish()
    }

    private mutating func readLog(_ reader: inout ObjectReader) throws(FieldError) {
        logLevel = try reader.string("level") ?? logLevel
        guard Configuration.logLevels.contains(logLevel) else {
            throw reader.invalid(
                "level", "It must be one of \(Configuration.logLevels.joined(separator: ", ")).")
        }
        switch try reader.string("format") {
        case nil, "text": logsJSON = false
        case "json": logsJSON = true
        default: throw reader.invalid("format", "It must be text or json.")
        }
        try reader.finish()
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
