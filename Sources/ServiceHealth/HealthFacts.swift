public import WorkflowModel

/// What is known of a running service at one moment.
///
/// Ages are real time, also where the service lives by another clock.
public struct HealthFacts: Hashable, Sendable {
    /// The version of the program.
    public var version = ""
    /// The newest migration of the database.
    public var schema = ""
    /// How long it has run.
    public var uptime = Duration.zero
    /// When it was started, by the machine's clock.
    public var started = Instant(milliseconds: 0)
    /// What waits for its moment; nil where the store cannot be read.
    public var schedule: QueueFacts?
    /// Each channel.
    public var channels: [ChannelHealth] = []
    /// How far the feed is, and how far it was published.
    public var feed = FeedFacts()
    /// Messages of which only a person can say whether they went; nil where the store cannot be read.
    public var inDoubt: Int?
    /// Contacts that are inside a workflow; nil where the store cannot be read.
    public var active: Int?
    /// The database and its disk.
    public var store = StoreFacts()
    /// The longest turn of the last minutes.
    public var longestTurn = Duration.zero
    /// The clock that it lives by: `system`, `simulated`, or a factor.
    public var clock = "system"
    /// What the machine's clock did.
    public var jumps = JumpFacts()
    /// What the process uses.
    public var process = ProcessFacts()
    /// Who is connected.
    public var connections = ConnectionFacts()

    /// Facts of a service of which nothing is known.
    public init() {}
}

/// What waits in one queue.
public struct QueueFacts: Hashable, Sendable {
    /// How many should have moved; counted up to ``most``.
    public var due: Int
    /// For how long the oldest of them should have moved; zero where none should.
    public var age: Duration

    /// More than this is not counted, so that asking costs little.
    public static let most = 100_000

    /// A queue in which `due` wait.
    public init(due: Int = 0, age: Duration = .zero) {
        self.due = due
        self.age = age
    }
}

/// How a channel is doing.
public struct ChannelHealth: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its state: `starting`, `ready`, `faulty`, `suspended` or `stopped`.
    public var state: String
    /// The channel that its manifest names, where that is another one.
    public var manifestChannel: String?
    /// How often it was started.
    public var starts = 0
    /// How often it died.
    public var deaths = 0
    /// What was wrong last.
    public var lastError: String?
    /// Messages that are with it.
    public var inFlight = 0
    /// Messages that it answered.
    public var answered = 0
    /// What waits for it; nil where the store cannot be read.
    public var queue: QueueFacts?

    /// A channel of which nothing else is known.
    public init(name: String, state: String) {
        self.name = name
        self.state = state
    }
}

/// How far the feed is.
public struct FeedFacts: Hashable, Sendable {
    /// The position of the newest event.
    public var head: Int64
    /// The position of the newest event that was handed to subscribers.
    public var published: Int64

    /// How many events are stored and not published.
    public var behind: Int64 { max(0, head - published) }

    /// A feed at `head`.
    public init(head: Int64 = 0, published: Int64 = 0) {
        self.head = head
        self.published = published
    }
}

/// How the database and its disk are doing.
public struct StoreFacts: Hashable, Sendable {
    /// Transactions that failed since the start.
    public var failures = 0
    /// The last failure: a word for it and how long ago it was; nil where there was none.
    public var lastFailure: Failure?
    /// Whether nothing could be written since the last failure.
    public var isFailing = false
    /// For how long nothing could be written; nil where it can.
    public var failingFor: Duration?
    /// How long ago something was written last; nil where nothing was since the start.
    public var lastWrite: Duration?
    /// Bytes of the database's file.
    public var databaseBytes: Int64 = 0
    /// Bytes of the write-ahead log.
    public var logBytes: Int64 = 0
    /// Bytes that are free for the service on the file system of the data directory; nil where unknown.
    public var freeBytes: Int64?

    /// A failure of the store.
    public struct Failure: Hashable, Sendable {
        /// `full`, `read_only`, `busy`, `taken_away`, `corrupt`, `newer_schema` or `failed`.
        public var code: String
        /// How long ago it was.
        public var age: Duration

        /// A failure of the kind `code`.
        public init(code: String, age: Duration) {
            self.code = code
            self.age = age
        }
    }

    /// A store of which nothing is known.
    public init() {}
}

/// How many clients are connected.
public struct ConnectionFacts: Hashable, Sendable {
    /// To endpoints that take commands.
    public var commands = 0
    /// To endpoints that publish events.
    public var events = 0
    /// How many there can be in all; zero where nobody can connect.
    public var limit = 0
    /// How many were refused or cut, because there were too many.
    public var refused = 0
    /// How long ago there were too many; nil where there never were.
    public var lastShortage: Duration?

    /// Nobody is connected.
    public init() {}
}

/// What the process uses.
public struct ProcessFacts: Hashable, Sendable {
    /// Bytes of memory that are its own and present.
    public var residentBytes: Int64 = 0
    /// Open descriptors.
    public var descriptors = 0
    /// Processor time that it used.
    public var processorTime = Duration.zero

    /// A process of which nothing is known.
    public init() {}
}
