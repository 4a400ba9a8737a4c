import JSONLines
import ServiceHealth
import Testing
import WorkflowModel

/// What facts mean, by a table: each problem on both sides of its limit.
struct HealthAssessmentTests {
    /// A change of a healthy service's facts, and the problems that it makes, the worst first.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout HealthFacts) -> Void
        let problems: [String]

        init(
            _ name: String, _ problems: [String],
            _ change: @escaping @Sendable (inout HealthFacts) -> Void
        ) {
            testDescription = name
            self.problems = problems
            self.change = change
        }
    }

    private static func healthy() -> HealthFacts {
        var facts = HealthFacts()
        facts.schedule = QueueFacts()
        facts.inDoubt = 0
        facts.uptime = .seconds(86_400)
        facts.store.freeBytes = 10 << 30
        facts.store.lastWrite = .seconds(5)
        var sms = ChannelHealth(name: "sms", state: "ready")
        sms.queue = QueueFacts()
        facts.channels = [sms]
        return facts
    }

    private static let cases: [Case] = [
        Case("healthy", []) { _ in },
        Case("nothing known", []) { $0 = HealthFacts() },
        Case("due for a minute", []) { $0.schedule = QueueFacts(due: 9, age: .seconds(60)) },
        Case("due for longer", ["degraded schedule_late"]) {
            $0.schedule = QueueFacts(due: 9, age: .seconds(61))
        },
        Case("nothing moves", ["failing schedule_late"]) {
            $0.schedule = QueueFacts(due: 9, age: .seconds(901))
        },
        Case("a failed write", ["failing store_failing"]) {
            $0.store.lastFailure = .init(code: "full", age: .seconds(3))
            $0.store.isFailing = true
        },
        Case("a write behind the failure", []) {
            $0.store.lastFailure = .init(code: "full", age: .seconds(6))
        },
        Case("little room", ["degraded disk_low"]) { $0.store.freeBytes = 512 << 20 - 1 },
        Case("enough room", []) { $0.store.freeBytes = 512 << 20 },
        Case("no room", ["failing disk_low"]) { $0.store.freeBytes = 64 << 20 - 1 },
        Case("a large log", ["degraded wal_large"]) { $0.store.logBytes = 512 << 20 + 1 },
        Case("a faulty account", ["degraded channel_down sms"]) {
            $0.channels[0].state = "faulty"
        },
        Case("a channel that keeps dying", ["degraded channel_down sms"]) {
            $0.channels[0].state = "suspended"
        },
        Case("a channel that died", ["degraded channel_dying sms"]) {
            $0.channels[0].state = "starting"
            $0.channels[0].deaths = 2
        },
        Case("a channel that died and came back", []) { $0.channels[0].deaths = 2 },
        Case("a channel that comes up", []) { $0.channels[0].state = "starting" },
        Case("the queue of a channel that is down is not late", ["degraded channel_down sms"]) {
            $0.channels[0].state = "faulty"
            $0.channels[0].queue = QueueFacts(due: 3, age: .seconds(90_000))
        },
        Case("a queue that is served", []) {
            $0.channels[0].queue = QueueFacts(due: 3, age: .seconds(900))
        },
        Case("a queue that grows", ["degraded channel_late sms"]) {
            $0.channels[0].queue = QueueFacts(due: 3, age: .seconds(901))
        },
        Case("a channel that calls itself otherwise", ["degraded channel_misnamed sms"]) {
            $0.channels[0].manifestChannel = "text"
        },
        Case("a second channel of one program", []) {
            $0.channels.append(ChannelHealth(name: "sms-2", state: "ready"))
            $0.channels[$0.channels.count - 1].manifestChannel = "sms"
        },
        Case("doubt", ["degraded messages_in_doubt"]) { $0.inDoubt = 1 },
        Case("a store that cannot be read", []) {
            $0.inDoubt = nil
            $0.schedule = nil
            $0.channels[0].queue = nil
        },
        Case("unpublished events", ["degraded feed_behind"]) {
            $0.feed = FeedFacts(head: 8, published: 7)
        },
        Case("a slow turn", ["degraded turns_slow"]) { $0.longestTurn = .milliseconds(10_001) },
        Case("a turn at the limit", []) { $0.longestTurn = .seconds(10) },
        Case("connections that were refused", ["degraded connections_full"]) {
            $0.connections.lastShortage = .seconds(300)
        },
        Case("connections that were refused long ago", []) {
            $0.connections.lastShortage = .seconds(301)
        },
        Case("a clock that was set back", ["degraded clock_jumped"]) {
            $0.jumps = JumpFacts(count: 1, last: .init(by: .seconds(-31), age: .seconds(3_600)))
        },
        Case("a clock that was set long ago", []) {
            $0.jumps = JumpFacts(count: 1, last: .init(by: .seconds(31), age: .seconds(3_601)))
        },
        Case("a clock that was set a little", []) {
            $0.jumps = JumpFacts(count: 1, last: .init(by: .seconds(30), age: .zero))
        },
        Case("the worst first", ["failing store_failing", "degraded messages_in_doubt"]) {
            $0.inDoubt = 4
            $0.store.lastFailure = .init(code: "full", age: .zero)
            $0.store.isFailing = true
        },
    ]

    @Test(arguments: cases) func problems(of example: Case) {
        var facts = Self.healthy()
        example.change(&facts)
        let assessment = HealthAssessment(of: facts)
        let found = assessment.problems.map { problem in
            [problem.status.rawValue, problem.code.rawValue, problem.channel].compactMap(\.self)
                .joined(separator: " ")
        }
        #expect(found == example.problems)
        #expect(assessment.status == assessment.problems.map(\.status).max() ?? .ok)
    }

    @Test func eachCodeIsInTheTable() {
        let problems = Self.cases.flatMap(\.problems).map { $0.split(separator: " ") }
        let shown = Set(problems.map { $0[1] })
        #expect(shown == Set(HealthProblem.Code.allCases.map { Substring($0.rawValue) }))
    }

    @Test func theReplyTellsStatusProblemsAndFacts() {
        var facts = Self.healthy()
        facts.inDoubt = 2
        let json = facts.json
        #expect(json["status"] == "degraded")
        #expect(json["problems"]?[0]?["code"] == "messages_in_doubt")
        #expect(json["in_doubt"] == 2)
        #expect(
            json["channels"]?[0] == [
                "name": "sms", "state": "ready", "deaths": 0, "inflight": 0, "waiting": 0,
                "oldest_seconds": 0,
            ])
        facts.schedule = nil
        #expect(facts.json["schedule"] == nil)
    }
}
