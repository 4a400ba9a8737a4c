import ChannelKit
import JSONLines
import Testing
import WorkflowModel

@testable import SMSChannel

@Suite("Twilio's words")
struct TwilioTests {
    /// The example of Twilio's page on the security of webhooks.
    @Test func theSignatureIsThatOfTwiliosExample() {
        let fields = [
            ("Digits", "1234"), ("To", "+18005551212"), ("From", "+14158675310"),
            ("Caller", "+14158675310"), ("CallSid", "CA1234567890ABCDE"),
        ].map { (name: $0.0, value: $0.1) }
        let url = "https://example.com/myapp.php?foo=1&bar=2"
        #expect(
            TwilioSignature.make(url: url, fields: fields, token: "12345")
                == "L/OH5YylLD5NRKLltdqwSvS0BnU=")
        #expect(
            !TwilioSignature.isValid(
                "L/OH5YylLD5NRKLltdqwSvS0BnU=", url: url + "3", fields: fields, token: "12345"))
    }

    @Test(arguments: [
        ("queued", nil, "accepted"), ("sending", nil, "accepted"), ("sent", nil, "sent"),
        ("delivered", nil, "delivered"), ("undelivered", 30003, "permanent"),
        ("failed", 21610, "suppressed"), ("canceled", nil, "permanent"),
    ])
    func statuses(_ status: String, _ code: Int?, _ meaning: String) throws {
        let answer = try #require(TwilioMessage.answer(status: status, errorCode: code))
        if case .failed(let failure) = answer {
            #expect(failure.kind.rawValue == meaning)
        } else {
            #expect(answer.members["outcome"] == .string(meaning))
        }
    }

    @Test func aStatusOfAnotherKindSaysNothing() {
        #expect(TwilioMessage.answer(status: "receiving", errorCode: nil) == nil)
    }

    @Test(arguments: [
        ("Hi Ann", "Hi Ann", true), ("Trial account - Hi Ann", "Hi Ann", true),
        ("Say \"yes\"", "Say “yes”", true), ("Hi Anna", "Hi Ann", false), ("👋", "👋", true),
        ("Hi", "👋", false),
    ])
    func aTextIsKnownWhateverTwilioDidToIt(_ body: String, _ text: String, _ isSame: Bool) throws {
        let message = try #require(
            TwilioMessage(["sid": "SM1", "status": "sent", "body": .string(body)]))
        #expect(message.says(text) == isSame)
    }

    @Test(arguments: [
        ("Fri, 24 May 2019 17:18:27 +0000", "2019-05-24T17:18:27Z"),
        ("Fri, 4 Jan 2019 17:18:27 GMT", "2019-01-04T17:18:27Z"),
        ("Fri, 24 May 2019 17:18:27 -0500", "2019-05-24T22:18:27Z"),
    ])
    func dates(_ text: String, _ moment: String) throws {
        let message = try #require(
            TwilioMessage(["sid": "SM1", "status": "sent", "date_created": .string(text)]))
        #expect(message.created?.rfc3339 == moment)
    }
}

@Suite("What contacts answer")
struct ReplyWordTests {
    @Test(arguments: ["STOP", "stop", " Stop. ", "Opt-out", "UNSUBSCRIBE!", "End"])
    func oneWordUnsubscribes(_ text: String) {
        #expect(ReplyWord.kind(of: text) == .optOut)
    }

    @Test(arguments: ["start", "Unstop"])
    func oneWordSubscribes(_ text: String) {
        #expect(ReplyWord.kind(of: text) == .optIn)
    }

    @Test(arguments: ["", "YES", "stop it please", "don't stop", "👋"])
    func anythingElseIsAReply(_ text: String) {
        #expect(ReplyWord.kind(of: text) == .reply)
    }
}
