import Testing
import WorkflowModel

struct InstantTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-03-01T10:00:00Z", 1_772_359_200_000),
        ("2026-03-01T10:00:00.25-05:00", 1_772_377_200_250),
        ("2026-03-01t10:00:00.123999z", 1_772_359_200_123),
        ("2026-03-01 15:30:00+05:30", 1_772_359_200_000),
        ("2016-12-31T23:59:60Z", 1_483_228_799_000), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ])
    func reads(_ text: String, _ milliseconds: Int64) {
        #expect(Instant(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026-03-01", "2026-03-01T10:00:00", "2026-03-01T10:00Z", "2026-02-29T10:00:00Z",
        "2026-13-01T10:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T10:60:00Z",
        "2026-03-01T10:00:61Z", "2026-03-01T10:00:00.Z", "2026-03-01T10:00:00+5:00",
        "2026-03-01T10:00:00+24:00", "2026-03-01T10:00:00Z ", " 2026-03-01T10:00:00Z",
        "26-03-01T10:00:00Z", "2026-03-01T10:00:00ZZ", "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59-00:01", "2026-03-01T10:00:00\u{661}Z",
    ])
    func refuses(_ text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (1_772_359_200_250, "2026-03-01T10:00:00.250Z"),
        (1_772_359_200_007, "2026-03-01T10:00:00.007Z"), (-1, "1969-12-31T23:59:59.999Z"),
    ])
    func writes(_ milliseconds: Int64, _ text: String) {
        #expect(Instant(milliseconds: milliseconds).rfc3339 == text)
    }

    @Test func writesOffsets() {
        let instant = Instant(milliseconds: 1_772_359_200_000)
        #expect(instant.text(offsetSeconds: -18_000) == "2026-03-01T05:00:00-05:00")
        #expect(instant.text(offsetSeconds: 20_700) == "2026-03-01T15:45:00+05:45")
        #expect(instant.text(offsetSeconds: 50_400) == "2026-03-02T00:00:00+14:00")
    }

    @Test func whatIsWrittenIsRead() {
        for step in stride(from: Int64(0), to: 253_402_300_799_999, by: 777_777_777_777) {
            let instant = Instant(milliseconds: step)
            #expect(Instant(rfc3339: instant.rfc3339) == instant)
            #expect(Instant(rfc3339: instant.text(offsetSeconds: 34_200)) == instant)
        }
    }

    @Test func countsSpans() {
        let start = Instant(milliseconds: 1_000)
        #expect(start + .hours(1) - start == .minutes(60))
        #expect(start - .seconds(2) < start)
        #expect(TimeSpan.minutes(1) - .seconds(90) == .seconds(-30))
    }
}
