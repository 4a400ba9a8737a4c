import ChannelKit
import Foundation
import JSONLines
import Testing

struct OutboxTests {
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("outbox-\(UUID().uuidString)")
    private var file: URL { folder.appendingPathComponent("outbox.jsonl") }

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func run(_ requests: [HostRequest]) throws -> [JSON] {
        let lines = requests.enumerated().map { id, request in
            var bytes: [UInt8] = []
            request.write(id: id, to: &bytes)
            return String(decoding: bytes.dropLast(), as: UTF8.self)
        }
        return try Play.run(Play.program("OutboxChannel"), ["--channel", "sms"], lines, in: folder)
            .map { try JSON(parsing: $0) }
    }

    private var configure: HostRequest { .configure(["path": "outbox.jsonl"], check: false) }

    private func send(_ key: String) -> HostRequest {
        .send(
            SendRequest(
                key: key, attempt: 1, to: "+15550100", from: nil, content: ["text": "Hello"],
                notAfter: "2026-03-01T10:00:00Z", context: [:]))
    }

    private func keys() throws -> [String] {
        try Data(contentsOf: file).split(separator: 0x0A).compactMap {
            (try? JSON(parsing: $0))?["key"]?.string
        }
    }

    @Test func aKeyIsWrittenOnceAlsoOverRestarts() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try run([configure, send("a"), send("a"), send("b")])
        let answers = try run([configure, send("b"), send("c"), .query(key: "a"), .query(key: "x")])
        #expect(try keys() == ["a", "b", "c"])
        #expect(
            answers.map { $0["outcome"]?.string } == [nil, "sent", "sent", "sent", "not_found"])
    }

    @Test func aLineThatACrashToreHarmsNoOther() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("{\"key\":\"a\"}\n{\"key\":\"torn".utf8).write(to: file)
        _ = try run([configure, send("a"), send("torn")])
        #expect(try keys() == ["a", "torn"])
        #expect(try Data(contentsOf: file).split(separator: 0x0A).count == 3)
    }

    @Test func aFileThatCannotBeOpenedIsAFaultOfTheConfiguration() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let answers = try run([.configure(["path": "no/such/folder"], check: false)])
        #expect(answers.first?["ok"] == false)
    }

    @Test func aFullDiskIsAFaultOfTheChannelAndNotOfTheMessage() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let answers = try run([
            .configure(["path": "/dev/full"], check: false), send("a"), .query(key: "a"),
        ])
        #expect(answers[1]["failure"]?["kind"] == "config")
        #expect(answers[2]["outcome"] == "not_found")
    }
}
