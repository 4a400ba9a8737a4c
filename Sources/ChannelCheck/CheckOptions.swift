import ChannelHost
public import JSONLines

/// What is checked, and how far the checks may go.
public struct CheckOptions: Sendable {
    /// The executable's absolute path.
    public var program: String
    /// Its arguments.
    public var arguments: [String]
    /// The variables of this process's environment that it gets besides `PATH LANG TZ HOME`.
    public var environment: [String]
    /// What it is configured with; nil where nothing was given.
    ///
    /// `env:NAME` and `file:/path` stand for values, as in the daemon's configuration.
    public var config: JSONObject?
    /// Whether messages may be sent.
    public var sends: Bool
    /// Where they go; nil for an address that reaches nobody.
    public var address: String?
    /// How many messages are with the channel at once; nil for as many as its manifest says.
    public var window: Int?
    /// The checks to run; empty for all.
    public var only: Set<String>
    /// A command for `/bin/sh` that lets the channel report something; nil for none.
    public var provocation: String?
    /// How long the checks wait.
    public var limits: CheckLimits

    /// Checks `program`, and sends nothing.
    public init(
        program: String, arguments: [String] = [], environment: [String] = [],
        config: JSONObject? = nil, sends: Bool = false, address: String? = nil,
        window: Int? = nil, only: Set<String> = [], provocation: String? = nil,
        limits: CheckLimits = CheckLimits()
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.config = config
        self.sends = sends
        self.address = address
        self.window = window
        self.only = only
        self.provocation = provocation
        self.limits = limits
    }
}

extension CheckOptions {
    /// Why nothing can be checked at all, and how to mend it; nil where nothing stands in the way.
    public var obstacle: String? {
        if let fault = ProgramFile.fault(of: program) { return fault }
        do throws(SecretReferences.Unresolved) {
            _ = try SecretReferences.resolve(config ?? [:])
            return nil
        } catch {
            return "The configuration cannot be read: \(error)"
        }
    }
}

/// How long the checks wait for a channel.
public struct CheckLimits: Sendable {
    /// For the answer to `hello`: 10 s, as the host does.
    public var hello = Duration.seconds(10)
    /// For the answer to `configure`: 60 s, as the host does.
    public var configure = Duration.seconds(60)
    /// For all other answers but those to messages.
    public var answer = Duration.seconds(10)
    /// For the answer to a message; nil for the manifest's `send_timeout_ms`.
    public var send: Duration?
    /// For the end of the process: 2 s, as the host does.
    public var end = Duration.seconds(2)
    /// For a report, and for its repetition.
    public var reports = Duration.seconds(40)
    /// For the command that provokes a report.
    public var provocation = Duration.seconds(30)

    /// The limits of the host.
    public init() {}

    /// `factor` times the limits of the host, for a machine that is busy; those for reports and what
    /// provokes them stay.
    public init(patience factor: Int) {
        hello *= factor
        configure *= factor
        answer *= factor
        end *= factor
    }
}
