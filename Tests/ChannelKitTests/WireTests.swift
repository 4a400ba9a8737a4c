import JSONLines
import Testing

@testable import ChannelKit

struct WireTests {
    private static let requests: [HostRequest] = [
        .hello, .configure(["token": "s"], check: true), .configure([:], check: false),
        .query(key: "k"), .ping, .drain, .acknowledge(eventID: "e"),
        .send(
            SendRequest(
                key: "k", attempt: 3, to: nil, from: "x", content: ["text": "a\n\"b\"\u{1F44B}"],
                notAfter: "2026-03-01T10:00:00Z", context: ["step": "s"], resend: true,
                ruledOut: 2)),
    ]

    @Test(arguments: requests)
    func aRequestIsReadAsItWasWritten(_ request: HostRequest) throws {
        var bytes: [UInt8] = []
        request.write(id: 7, to: &bytes)
        #expect(bytes.last == 0x0A)
        #expect(bytes.count { $0 == 0x0A } == 1)
        let read = try HostRequest.read(try JSON(parsing: bytes))
        #expect(read.id == 7)
        #expect(read.request == request)
    }

    @Test func aWordOfAnOlderHostIsAboutAllThatWas() throws {
        func said(_ members: JSONObject) throws -> Int? {
            let plain: JSONObject = ["op": "send", "key": "k"]
            let line = JSON.object(plain.merging(members))
            guard case .send(let request) = try HostRequest.read(line).request else { return nil }
            return request.ruledOutAttempt
        }
        #expect(try said([:]) == nil)
        #expect(try said(["resend": true]) == .max)
        #expect(try said(["resend": true, "ruled_out": 3]) == 3)
        #expect(try said(["ruled_out": 3]) == 3)
    }

    private static let answers: [SendAnswer] = [
        .accepted, .sent, .delivered, .unknown(reason: "r"),
        .failed(.init(.suppressed, reason: "r", retryAfterMilliseconds: 5)),
    ]

    @Test(arguments: answers)
    func anAnswerIsReadAsItWasWritten(_ answer: SendAnswer) throws {
        #expect(try SendAnswer(members: .object(answer.members)) == answer)
        var bytes: [UInt8] = []
        ChannelLine.status(eventID: "e", key: "k", answer).write(to: &bytes)
        let line = try ChannelLine(try JSON(parsing: bytes))
        #expect(line == .status(eventID: "e", key: "k", answer))
    }

    @Test(arguments: [
        #"{"outcome":"gone"}"#, #"{"outcome":"failed"}"#,
        #"{"outcome":"failed","failure":{"kind":"x"}}"#,
        #"{"outcome":5}"#, "{}", "[]",
    ])
    func whatIsNoAnswerIsRefused(_ text: String) throws {
        let json = try JSON(parsing: text)
        #expect(throws: FieldError.self) { try SendAnswer(members: json) }
    }

    @Test(arguments: [
        #"{"protocols":[2],"name":"n","version":"1","channel":"c","address":"phone"}"#,
        #"{"protocols":[1],"name":"n","version":"1","channel":"c"}"#,
        #"{"protocols":[1],"name":"n","version":"1","channel":"c","address":"phone","max_inflight":0}"#,
        #"{"protocols":[1],"name":"n","version":"1","channel":"c","address":"phone","dedupe":"yes"}"#,
    ])
    func whatIsNoManifestIsRefused(_ text: String) throws {
        let json = try JSON(parsing: text)
        #expect(throws: FieldError.self) { try Manifest(json: json) }
    }

    @Test func aManifestMayKnowMoreThanThisHost() throws {
        let text =
            #"{"protocols":[1,2],"name":"n","version":"1","channel":"c","address":"staff","new":true}"#
        let manifest = try Manifest(json: try JSON(parsing: text))
        #expect(manifest.address == .staff)
        #expect(manifest.maxInflight == 1)
        #expect(manifest.dedupe == .none)
    }
}

struct ReportQueueTests {
    private func written(_ queue: inout ReportQueue, at seconds: Int) -> Int {
        var bytes: [UInt8] = []
        queue.write(to: &bytes, at: .seconds(seconds))
        return bytes.count { $0 == 0x0A }
    }

    @Test func reportsAreRepeatedUntilAcknowledged() {
        var queue = ReportQueue()
        let report = ChannelLine.status(eventID: "a", key: "k", .delivered)
        queue.add([report, .inbound(.init(eventID: "b", kind: .reply))], at: .zero)
        queue.add([report], at: .zero)
        #expect(written(&queue, at: 0) == 2)
        #expect(written(&queue, at: 29) == 0)
        #expect(written(&queue, at: 30) == 2)
        queue.acknowledge("a")
        #expect(written(&queue, at: 60) == 1)
        queue.acknowledge("b")
        #expect(written(&queue, at: 90) == 0)
    }

    @Test func aHostThatStoresNothingStopsTheQuestions() {
        var queue = ReportQueue()
        queue.add((1...1_000).map { .status(eventID: "\($0)", key: "k", .sent) }, at: .zero)
        #expect(!queue.hasRoom)
        queue.acknowledge("1")
        #expect(queue.hasRoom)
    }
}
