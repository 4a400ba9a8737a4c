import WorkflowModel

/// What a service's facts mean: its status, and each problem with what to do about it.
public struct HealthAssessment: Hashable, Sendable {
    /// The status of the worst problem; ``HealthStatus/ok`` where there is none.
    public let status: HealthStatus
    /// The problems, the worst first.
    public let problems: [HealthProblem]

    /// Judges `facts`.
    public init(of facts: HealthFacts) {
        let parts: [[HealthProblem]] = [
            Self.store(facts.store), Self.disk(facts.store), Self.schedule(facts.schedule),
            facts.channels.flatMap(Self.channel), Self.names(facts.channels),
            Self.doubts(facts.inDoubt), Self.feed(facts.feed), Self.turns(facts.longestTurn),
            Self.clock(facts.jumps.last), Self.connections(facts.connections),
        ]
        let found = parts.flatMap { $0 }
        problems = HealthStatus.allCases.reversed().flatMap { status in
            found.filter { $0.status == status }
        }
        status = problems.first?.status ?? .ok
    }

    // MARK: Store

    private static func store(_ store: StoreFacts) -> [HealthProblem] {
        guard store.isFailing, let failure = store.lastFailure else { return [] }
        return [
            HealthProblem(
                .storeFailing, .failing,
                "The database cannot be written (\(failure.code)) since \((store.failingFor ?? failure.age).words); "
                    + "writes are refused, and nothing that was acknowledged is lost.",
                hint: hint(failure.code))
        ]
    }

    private static func hint(_ code: String) -> String {
        switch code {
        case "full": "Make room on the disk of the data directory; it goes on by itself."
        case "read_only": "Check owner, permissions and mount of the data directory."
        case "busy": "End the other program that holds the database."
        case "taken_away":
            "Put the database's file back; do not stop the service, which still has it open."
        case "corrupt": "Stop the service and restore a backup: workflowctl restore."
        default: "The log says more; check the disk."
        }
    }

    private static func disk(_ store: StoreFacts) -> [HealthProblem] {
        var problems: [HealthProblem] = []
        if let free = store.freeBytes, free < HealthLimits.lowDisk {
            problems.append(
                HealthProblem(
                    .diskLow, free < HealthLimits.noDisk ? .failing : .degraded,
                    "The disk of the data directory has \(free >> 20) MiB left.",
                    hint: "Make room there: move old backups away, or enlarge the disk."))
        }
        if store.logBytes > HealthLimits.largeLog {
            problems.append(
                HealthProblem(
                    .logLarge, .degraded,
                    "The write-ahead log has grown to \(store.logBytes >> 20) MiB.",
                    hint: "Somebody reads the database for long: end that program or backup."))
        }
        return problems
    }

    // MARK: What should have moved

    private static func schedule(_ queue: QueueFacts?) -> [HealthProblem] {
        guard let queue, queue.age > HealthLimits.late else { return [] }
        return [
            HealthProblem(
                .scheduleLate, queue.age > HealthLimits.stuck ? .failing : .degraded,
                "The oldest due step should have been worked on \(queue.age.words) ago; \(queue.text) are due.",
                hint:
                    "After a downtime it catches up by itself; else look for slow turns, a slow disk, or too much load."
            )
        ]
    }

    private static func channel(_ channel: ChannelHealth) -> [HealthProblem] {
        let waiting = channel.queue.map { "; \($0.text) messages wait for it" } ?? ""
        switch channel.state {
        case "faulty", "suspended":
            return [
                HealthProblem(
                    .channelDown, .degraded, channel: channel.name,
                    "The channel \(channel.name) is \(channel.state)\(waiting).",
                    hint:
                        "workflowctl status shows its last error; its messages are held and nothing is lost."
                )
            ]
        case "starting" where channel.deaths > 0:
            return [
                HealthProblem(
                    .channelDying, .degraded, channel: channel.name,
                    "The channel \(channel.name) died \(channel.deaths) times and is started again\(waiting).",
                    hint: "workflowctl status shows its last error.")
            ]
        default: return late(channel)
        }
    }

    private static func late(_ channel: ChannelHealth) -> [HealthProblem] {
        guard channel.state == "ready", let queue = channel.queue,
            queue.age > HealthLimits.channelLate
        else { return [] }
        return [
            HealthProblem(
                .channelLate, .degraded, channel: channel.name,
                "Messages wait for the channel \(channel.name) since \(queue.age.words); \(queue.text) in all.",
                hint: "It takes fewer than come in: raise per_second, or its max_inflight.")
        ]
    }

    /// Two channels may be served by one program; where nothing is called as the manifest says, workflows
    /// that go by that name find no channel.
    private static func names(_ channels: [ChannelHealth]) -> [HealthProblem] {
        let names = Set(channels.map(\.name))
        return channels.compactMap { channel in
            guard let other = channel.manifestChannel, !names.contains(other) else { return nil }
            return HealthProblem(
                .channelMisnamed, .degraded, channel: channel.name,
                "The channel \(channel.name) calls itself \(other), and no channel of that name is installed.",
                hint:
                    "Rename its file to \(other), or configure it as channels.\(other); workflows use the installed name."
            )
        }
    }

    private static func doubts(_ count: Int?) -> [HealthProblem] {
        guard let count, count > 0 else { return [] }
        return [
            HealthProblem(
                .messagesInDoubt, .degraded,
                "Of \(count) messages only a person can say whether they went.",
                hint:
                    "workflowctl history --type message.unknown lists them; workflowctl resolve settles one."
            )
        ]
    }

    // MARK: Feed, turns, clock

    private static func feed(_ feed: FeedFacts) -> [HealthProblem] {
        guard feed.behind > 0 else { return [] }
        return [
            HealthProblem(
                .feedBehind, .degraded, "\(feed.behind) events are stored and not published.",
                hint: "Subscribers read them with events.read; the log says why.")
        ]
    }

    private static func turns(_ longest: Duration) -> [HealthProblem] {
        guard longest > HealthLimits.slowTurn else { return [] }
        return [
            HealthProblem(
                .turnsSlow, .degraded,
                "A turn took \(longest.words) within the last \(TurnTimes.minutes) minutes.",
                hint: "Every client waited for it: look for a slow disk or a busy machine.")
        ]
    }

    private static func clock(_ jump: JumpFacts.Jump?) -> [HealthProblem] {
        guard let jump, jump.age <= HealthLimits.jumpMemory else { return [] }
        let length = Duration.milliseconds(abs(jump.by.milliseconds))
        guard length > HealthLimits.jump else { return [] }
        let direction = jump.by < .zero ? "back" : "forward"
        return [
            HealthProblem(
                .clockJumped, .degraded,
                "The machine's clock was set \(direction) by \(length.words) \(jump.age.words) ago.",
                hint: "Messages follow the new time; check that the machine keeps its time (NTP).")
        ]
    }

    // MARK: Clients

    private static func connections(_ connections: ConnectionFacts) -> [HealthProblem] {
        guard let age = connections.lastShortage, age <= HealthLimits.shortageMemory else {
            return []
        }
        return [
            HealthProblem(
                .connectionsFull, .degraded,
                "More than \(connections.limit) connections were wanted \(age.words) ago; \(connections.refused) were refused or cut since the start.",
                hint:
                    "Find the program that leaves connections open, or allow more open files: LimitNOFILE in the unit, ulimit -n."
            )
        ]
    }
}

extension QueueFacts {
    /// The count in words: where it was not counted to the end, that it is more.
    fileprivate var text: String { due >= Self.most ? "more than \(Self.most)" : "\(due)" }
}

extension Duration {
    /// The length for people, in its largest two units at most: `3 h 20 min`.
    var words: String {
        let (seconds, attoseconds) = components
        switch seconds {
        case ..<10: return "\(seconds).\(attoseconds / 100_000_000_000_000_000) s"
        case ..<120: return "\(seconds) s"
        case ..<7_200: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3_600) h \(seconds % 3_600 / 60) min"
        default: return "\(seconds / 86_400) days"
        }
    }
}
