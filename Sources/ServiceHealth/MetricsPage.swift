import WorkflowModel

/// Everything that collectors are told, as one page of text.
public enum MetricsPage {
    /// The page of a service with these facts and counts.
    public static func text(
        _ facts: HealthFacts, _ counts: OperationCounts, turns: Histogram, commits: Histogram
    ) -> String {
        var page = PrometheusText()
        page.health(facts)
        page.work(counts, turns, commits)
        page.schedule(facts)
        page.channels(facts.channels)
        page.store(facts)
        page.process(facts)
        return page.text
    }
}

extension PrometheusText {
    fileprivate mutating func health(_ facts: HealthFacts) {
        let assessment = HealthAssessment(of: facts)
        single(
            "health_status", .gauge, "0 ok, 1 degraded, 2 failing.",
            Double(assessment.status.rank))
        begin("problems", .gauge, "Problems that the health command names, by code.")
        for code in HealthProblem.Code.allCases {
            let count = assessment.problems.count { $0.code == code }
            sample("problems", ["code": code.rawValue], Double(count))
        }
    }

    fileprivate mutating func work(
        _ counts: OperationCounts, _ turns: Histogram, _ commits: Histogram
    ) {
        begin("commands_total", .counter, "Commands that were answered.")
        for (op, done, refused) in counts.commandCounts {
            sample("commands_total", ["op": op, "outcome": "done"], Double(done))
            sample("commands_total", ["op": op, "outcome": "refused"], Double(refused))
        }
        begin("command_errors_total", .counter, "Commands that were refused, by error code.")
        for (code, count) in counts.refusals.sorted(by: { $0.key < $1.key }) {
            sample("command_errors_total", ["code": code], Double(count))
        }
        begin("events_total", .counter, "Events that were committed.")
        for (type, count) in counts.events.sorted(by: { $0.key < $1.key }) {
            sample("events_total", ["type": type], Double(count))
        }
        begin("messages_total", .counter, "What became of messages; claimed is handed over.")
        for (channel, outcome, count) in counts.messageCounts {
            sample("messages_total", ["channel": channel, "outcome": outcome], Double(count))
        }
        begin("channel_reports_total", .counter, "What became of channels' reports.")
        for (channel, outcome, count) in counts.reportCounts {
            sample(
                "channel_reports_total", ["channel": channel, "outcome": outcome.rawValue],
                Double(count))
        }
        histogram("turn_duration_seconds", "How long turns of the loop took.", turns)
        histogram("commit_duration_seconds", "How long commits that wrote took.", commits)
    }

    fileprivate mutating func schedule(_ facts: HealthFacts) {
        single(
            "due", .gauge, "Steps that should have been worked on.",
            facts.schedule.map { Double($0.due) })
        single(
            "oldest_due_seconds", .gauge,
            "For how long the oldest due step should have been worked on.",
            facts.schedule?.age.inSeconds)
        single(
            "enrollments_active", .gauge, "Contacts that are inside a workflow.",
            facts.active.map(Double.init))
        single(
            "messages_in_doubt", .gauge,
            "Messages of which only a person can say whether they went.",
            facts.inDoubt.map(Double.init))
        single(
            "feed_head", .gauge, "The position of the newest event.", Double(facts.feed.head))
        single(
            "feed_behind", .gauge, "Events that are stored and not published.",
            Double(facts.feed.behind))
    }

    fileprivate mutating func channels(_ channels: [ChannelHealth]) {
        each(channels, "channel_up", .gauge, "1 where the channel takes messages.") {
            $0.state == "ready" ? 1 : 0
        }
        each(channels, "channel_waiting", .gauge, "Messages that wait for the channel.") {
            $0.queue.map { Double($0.due) }
        }
        each(
            channels, "channel_oldest_waiting_seconds", .gauge,
            "For how long the oldest message waits for the channel."
        ) { $0.queue?.age.inSeconds }
        each(channels, "channel_in_flight", .gauge, "Messages that are with the channel.") {
            Double($0.inFlight)
        }
        each(channels, "channel_answers_total", .counter, "Messages that the channel answered.") {
            Double($0.answered)
        }
        each(channels, "channel_starts_total", .counter, "How often the channel was started.") {
            Double($0.starts)
        }
        each(channels, "channel_deaths_total", .counter, "How often the channel died.") {
            Double($0.deaths)
        }
    }

    private mutating func each(
        _ channels: [ChannelHealth], _ name: String, _ kind: Kind, _ help: String,
        _ value: (ChannelHealth) -> Double?
    ) {
        begin(name, kind, help)
        for channel in channels {
            if let value = value(channel) { sample(name, ["channel": channel.name], value) }
        }
    }

    fileprivate mutating func store(_ facts: HealthFacts) {
        let store = facts.store
        single(
            "store_failures_total", .counter, "Transactions that failed.", Double(store.failures))
        single(
            "database_bytes", .gauge, "Size of the database.", Double(store.databaseBytes))
        single("wal_bytes", .gauge, "Size of the write-ahead log.", Double(store.logBytes))
        single(
            "disk_free_bytes", .gauge, "Free on the disk of the data directory.",
            store.freeBytes.map(Double.init))
    }

    private mutating func connections(_ facts: ConnectionFacts) {
        begin("connections", .gauge, "Clients that are connected.")
        sample("connections", ["endpoint": "commands"], Double(facts.commands))
        sample("connections", ["endpoint": "events"], Double(facts.events))
        single(
            "connections_limit", .gauge, "Connections that there can be in all.",
            Double(facts.limit))
        single(
            "connections_refused_total", .counter,
            "Connections that were refused or cut because there were too many.",
            Double(facts.refused))
    }

    fileprivate mutating func process(_ facts: HealthFacts) {
        let process = facts.process
        single(
            "clock_jumps_total", .counter, "How often the machine's clock was set.",
            Double(facts.jumps.count))
        single(
            "resident_memory_bytes", .gauge, "Memory of the process.",
            Double(process.residentBytes))
        single("open_fds", .gauge, "Open descriptors.", Double(process.descriptors))
        connections(facts.connections)
        single(
            "cpu_seconds_total", .counter, "Processor time of the process.",
            process.processorTime.inSeconds)
        single(
            "start_time_seconds", .gauge, "When the process was started, since 1970.",
            Double(facts.started.milliseconds) / 1_000)
        begin("build_info", .gauge, "1; the labels tell what runs.")
        sample("build_info", ["version": facts.version, "schema": facts.schema], 1)
    }
}
