import ChannelCheck
import Testing

/// Which check finds which fault.
@Suite(.timeLimit(.minutes(10)))
struct FaultTableTests {
    /// A way to misbehave, the checks that it fails, and words of what was seen.
    struct Row: CustomTestStringConvertible, Sendable {
        let fault: String
        let fails: Set<String>
        let seen: String
        /// The checks that run: without others, all of the groups of those that fail.
        let only: Set<String>

        init(
            _ fault: String, _ fails: Set<String>, _ seen: String, only: Set<String>? = nil
        ) {
            self.fault = fault
            self.fails = fails
            self.seen = seen
            let groups = Set(Check.all.filter { fails.contains($0.id) }.map(\.group))
            self.only = only ?? Set(Check.all.filter { groups.contains($0.group) }.map(\.id))
        }

        var testDescription: String { fault }
    }

    static let start: [Row] = [
        Row("neverGreets", ["hello"], "did not answer hello"),
        Row("greetsWithoutManifest", ["hello"], "no manifest"),
        Row("diesAtOnce", ["hello"], "no such module: provider"),
        Row("printsBanner", ["quiet-start"], "Starting up"),
        Row("changesManifest", ["same-manifest"], "another manifest"),
        Row("claimsHugeWindow", ["manifest-max-inflight"], "1000000"),
        Row(
            "wrongManifest",
            [
                "manifest-protocols", "manifest-name", "manifest-channel", "manifest-address",
                "manifest-max-inflight", "manifest-send-timeout", "manifest-dedupe",
                "manifest-abilities", "manifest-statuses", "manifest-config",
            ], "It is true"),
    ]

    static let configuration: [Row] = [
        Row("refusesTwice", ["configure"], "wrong password 1"),
        Row(
            "refusesSecond", ["configure-again", "configure-check", "configure-mended"],
            "connected already"),
        Row(
            "refusesWithoutText", ["configure-types", "configure-mended", "configure-secrets"],
            "without an error text"),
        Row("refusesChecks", ["configure-check"], "it cannot check"),
        Row("keepsBadConfiguration", ["configure-mended"], "it was refused before"),
        Row("takesAnything", ["configure-empty", "configure-types"], "account"),
        Row("echoesSecret", ["configure-secrets"], "repeats the value of token"),
        Row("logsSecret", ["configure-secrets"], "log text repeats"),
    ]

    static let requests: [Row] = [
        Row("roundsIDs", ["id-large"], "9007199254740992", only: ["id-large"]),
        Row("refusesNews", ["unknown-members"], "code 4"),
        Row("diesOnUnknownRequest", ["unknown-request"], "code 4"),
        Row("answersAcknowledgements", ["acknowledge-unknown"], "which no request had"),
        Row("losesLines", ["many-requests"], "of 1000 pings", only: ["many-requests"]),
        Row("mindsCarriageReturn", ["line-crlf"], "code 5"),
        Row("wantsWholeLines", ["line-split"], "byte by byte", only: ["line-split"]),
    ]

    static let messages: [Row] = [
        Row("badOutcome", ["send"], "outcome"),
        Row("reportsConfigFault", ["send"], "account closed"),
        Row("neverAnswers", ["send"], "did not answer a message within 0.4 s"),
        Row(
            "answersSlowly", ["send-in-time"], "promises 0.4 s", only: ["send-in-time"]),
        Row("answersOnlyPings", ["send"], "did not answer a message within 0.4 s"),
        Row("halfLineAndExit", ["send"], "code 0"),
        Row("floodsOutput", ["send"], "did not answer a message"),
        Row("diesAfterAccepted", ["send"], "a broken promise"),
        Row("answersUnknownID", ["send"], "which no request had"),
        Row(
            "dropsOne", ["send-window", "drain-after-sends"], "of 8",
            only: ["send-window", "drain-after-sends"]),
        Row("answersTwice", ["send-window", "key-in-batch"], "more than once"),
        Row("diesOnLongText", ["send-long"], "code 6"),
        Row("diesOnEmoji", ["send-unicode"], "code 6"),
        Row("diesOnNewContent", ["send-new-content"], "code 6"),
        Row("drainsEarly", ["drain-after-sends"], "8 of 8", only: ["drain-after-sends"]),
        Row("sendsAnything", ["send-late", "send-no-address"], "It answered sent"),
        Row("answersRepeatsDifferently", ["key-in-batch", "key-later"], "failed, permanent then"),
        Row("forgetsMessages", ["query-known"], "not_found"),
        Row("knowsEverything", ["query-unknown"], "sent"),
    ]

    private static let endings: Set = [
        "end-of-input", "end-answers", "terminate", "no-children", "clean-output",
    ]
    private static let output: Set = ["send", "answers-once", "clean-output"]

    static let process: [Row] = [
        Row("neverRepeats", ["reports-repeated"], "repeated no report"),
        Row("renamesReports", ["reports-repeated"], "another event_id"),
        Row("ignoresAcknowledgements", ["reports-acknowledged"], "was acknowledged"),
        Row("unreadableReports", ["reports-readable"], "outcome"),
        Row("forgetsKeys", ["kill-keys"], "not_found"),
        Row("dropsAtEnd", ["end-answers"], "54 of 54", only: endings),
        Row("ignoresEndOfInput", ["end-of-input"], "still ran", only: ["end-of-input"]),
        Row(
            "ignoresTermination", ["end-of-input", "terminate"], "still ran",
            only: ["end-of-input", "terminate"]),
        Row("leaksDescriptors", ["descriptors"], "24 times more"),
        Row("leavesChild", ["no-children"], "sleep", only: endings),
        Row("leavesSession", ["no-children"], "sleep", only: endings),
        Row("writesLogToOutput", ["clean-output"], "a message was sent", only: output),
        Row("writesBinary", ["clean-output"], "no JSON object", only: output),
        Row("hugeLine", ["clean-output"], "over 1 MiB", only: output),
        Row("answersNoPing", ["ping"], "did not answer a ping", only: ["ping"]),
        Row("closesOutput", ["ping"], "closed its output", only: ["ping"]),
        Row("locksItself", ["kill-restart"], "another one runs", only: ["kill-restart"]),
        Row(
            "answersTwice", ["send-window", "answers-once"], "more than once",
            only: ["send-window", "answers-once"]),
    ]

    @Test(arguments: start + configuration + requests + messages + process)
    func aFaultFailsItsChecksAndNoOthers(_ row: Row) throws {
        let report = try CheckRun.report(fault: row.fault, only: row.only)
        let failures = report.failures
        #expect(Set(failures.keys) == row.fails, "\(failures)")
        #expect(failures.values.contains { $0.contains(row.seen) }, "\(failures)")
    }

    @Test func anIDThatIsTextIsAdvice() throws {
        let report = try CheckRun.report(fault: "numericIDs", only: ["id-text"])
        #expect(report.failures.isEmpty)
        #expect(report.notes == ["id-text"])
    }

    @Test func aMisspeltOutcomeFailsTheMessageAloneAndNoProcess() throws {
        let report = try CheckRun.report(
            fault: "badOutcome",
            only: ["send", "descriptors", "no-children", "end-answers", "kill-restart"])
        #expect(Set(report.failures.keys) == ["send"], "\(report.failures)")
    }

    @Test func outputThatIsNoneOfTheProtocolsIsToldWithItsCheck() throws {
        let report = try CheckRun.report(
            fault: "answersAcknowledgements", only: ["acknowledge-unknown", "clean-output"])
        #expect(
            report.failures["clean-output"]?.contains("first during acknowledge-unknown:") == true,
            "\(report.failures)")
    }

    @Test func whatIsMissingOfManyIsCounted() throws {
        let report = try CheckRun.report(fault: "losesLines", only: ["many-requests"])
        let seen = report.failures["many-requests"] ?? ""
        #expect(
            seen.contains("of 1000 pings") && seen.contains(" of them were answered in "), "\(seen)"
        )
    }
}
