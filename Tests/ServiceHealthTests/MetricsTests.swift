import ServiceHealth
import Testing

/// The text that collectors read, and what is counted for it.
struct MetricsTests {
    @Test func samplesHaveLabelsAndPlainNumbers() {
        var page = PrometheusText()
        page.begin("messages_total", .counter, "One line,\nwith \\ and \"quotes\".")
        page.sample("messages_total", ["channel": "a\"b\\c\nd", "outcome": "sent"], 3)
        page.single("ratio", .gauge, "A part.", 0.25)
        page.single("absent", .gauge, "Nothing is known.", nil)
        #expect(
            page.text == #"""
                # HELP workflowd_messages_total One line,\nwith \\ and "quotes".
                # TYPE workflowd_messages_total counter
                workflowd_messages_total{channel="a\"b\\c\nd",outcome="sent"} 3
                # HELP workflowd_ratio A part.
                # TYPE workflowd_ratio gauge
                workflowd_ratio 0.25

                """#)
    }

    @Test func bucketsOfADistributionAddUp() {
        var histogram = Histogram()
        for milliseconds in [1, 1, 3, 60_000] { histogram.observe(.milliseconds(milliseconds)) }
        var page = PrometheusText()
        page.histogram("t_seconds", "Time.", histogram)
        let lines = page.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.contains(#"workflowd_t_seconds_bucket{le="0.001"} 2"#))
        #expect(lines.contains(#"workflowd_t_seconds_bucket{le="0.005"} 3"#))
        #expect(lines.contains(#"workflowd_t_seconds_bucket{le="10"} 3"#))
        #expect(lines.contains(#"workflowd_t_seconds_bucket{le="+Inf"} 4"#))
        #expect(lines.contains("workflowd_t_seconds_sum 60.005"))
        #expect(lines.contains("workflowd_t_seconds_count 4"))
    }

    @Test func whatClientsInventIsCountedInOneRow() {
        var counts = OperationCounts(ops: ["contact.put"], channels: ["sms"])
        counts.count(op: "contact.put", refusal: nil)
        counts.count(op: "contact.put", refusal: "invalid_value")
        for number in 0..<1_000 { counts.count(op: "made.up\(number)", refusal: "unknown_op") }
        counts.count(op: nil, refusal: "invalid_json")
        #expect(counts.commandCounts.map(\.op) == ["contact.put", "unknown"])
        #expect(counts.commandCounts.map(\.done) == [1, 0])
        #expect(counts.commandCounts.map(\.refused) == [1, 1_001])
        #expect(counts.refusals == ["invalid_value": 1, "unknown_op": 1_000, "invalid_json": 1])
    }

    @Test func messagesOfChannelsThatAreNotInstalledShareARow() {
        var counts = OperationCounts(ops: [], channels: ["sms"])
        counts.count(message: "sent", channel: "sms")
        for number in 0..<100 { counts.count(message: "skipped", channel: "fax\(number)") }
        #expect(counts.messageCounts.map(\.channel) == ["other", "sms"])
        #expect(counts.messageCounts.map(\.count) == [100, 1])
    }

    @Test func theNumberOfLinesHangsOnChannelsAndCommandsAlone() {
        var facts = HealthFacts()
        facts.channels = [ChannelHealth(name: "sms", state: "ready")]
        let counts = OperationCounts(ops: ["a.b"], channels: ["sms"])
        let page = MetricsPage.text(facts, counts, turns: Histogram(), commits: Histogram())
        #expect(page.split(separator: "\n").count < 200)
        #expect(page.contains("workflowd_health_status 0\n"))
        #expect(page.contains(#"workflowd_channel_up{channel="sms"} 1"#))
        // What is not known is left out and not told as nothing.
        #expect(!page.contains("workflowd_due "))
    }
}
