public import JSONLines

/// How one channel is started.
public struct ChannelSettings: Hashable, Sendable {
    /// Its name, such as `sms`.
    public var name: String
    /// The executable's path.
    public var program: String
    /// Its arguments.
    public var arguments: [String]
    /// The variables of the host's environment that it gets besides `PATH LANG TZ HOME`.
    public var environment: [String]
    /// What it is configured with; `env:NAME` and `file:/path` stand for values that are fetched when it
    /// is handed over.
    public var config: JSONObject
    /// How many messages it gets a second at most; nil for no limit.
    public var perSecond: Double?
    /// The folder that it works in.
    public var workingDirectory: String

    /// A channel of the given parts.
    public init(
        name: String, program: String, arguments: [String] = [], environment: [String] = [],
        config: JSONObject = [:], perSecond: Double? = nil, workingDirectory: String
    ) {
        self.name = name
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.config = config
        self.perSecond = perSecond
        self.workingDirectory = workingDirectory
    }
}
