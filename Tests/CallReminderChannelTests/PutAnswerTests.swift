import ChannelKit
import Testing

@testable import CallReminderChannel
@testable import Curl

@Suite struct PutAnswerTests {
    private func answer(_ status: Int, _ body: String = "", headers: [(String, String)] = [])
        -> PutAnswer
    {
        PutAnswer(
            HTTPResponse(
                status: status, headers: headers.map { (name: $0.0, value: $0.1) },
                body: Array(body.utf8)))
    }

    @Test(arguments: [200, 201, 204]) func created(_ status: Int) {
        #expect(answer(status) == .created)
    }

    @Test(arguments: [403, 409, 412]) func aKnownUID(_ status: Int) {
        #expect(answer(status, "<error><C:no-uid-conflict/></error>") == .knownElsewhere)
    }

    @Test func taken() { #expect(answer(412, "Precondition failed.") == .taken) }

    @Test(arguments: ["valid-calendar-data", "max-resource-size"])
    func anEntryThatTheServerDoesNotTake(_ name: String) throws {
        guard case .refused(let failure) = answer(403, "<error><C:\(name)/></error>") else {
            Issue.record("not refused")
            return
        }
        #expect(failure.kind == .permanent && failure.reason.contains(name))
    }

    @Test func retryAfterIsBounded() throws {
        let waits = [("5", 5_000), ("0", 0), ("-3", 0), ("172800", 86_400_000)]
        for (text, expected) in waits {
            let response = HTTPResponse(
                status: 503, headers: [(name: "retry-after", value: text)], body: [])
            #expect(response.retryAfter == expected)
        }
    }
}
