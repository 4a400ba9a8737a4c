import ChannelKit
import Foundation
import JSONLines
import Testing

/// Holds every transcript of `proto-docs/channels.md` against the code, and plays those that name a
/// program with that program.
struct DocumentTests {
    @Test func theDocumentHasTranscripts() throws {
        let transcripts = try Document.transcripts()
        #expect(transcripts.count >= 5)
        #expect(Set(transcripts.compactMap(\.player)) == ["OutboxChannel", "file_channel.py"])
    }

    @Test(arguments: try Document.transcripts())
    func everyLineIsOneThatTheCodeReadsAndWrites(_ transcript: Document.Transcript) throws {
        var asked: [Int64: HostRequest] = [:]
        for line in transcript.lines {
            let json = try JSON(parsing: line.text)
            if line.isRequest {
                let (id, request) = try HostRequest.read(json)
                var bytes: [UInt8] = []
                request.write(id: Int(try #require(id.integer)), to: &bytes)
                #expect(try JSON(parsing: bytes) == json)
                asked[try #require(id.integer)] = request
            } else {
                try check(json, asked)
            }
        }
    }

    private func check(_ json: JSON, _ asked: [Int64: HostRequest]) throws {
        guard case .answer(let id, _) = try ChannelLine(json) else {
            var bytes: [UInt8] = []
            try ChannelLine(json).write(to: &bytes)
            #expect(try JSON(parsing: bytes) == json)
            return
        }
        var expected = JSONObject()
        switch try #require(asked[Int64(id)], "An answer to nothing.") {
        case .hello:
            let manifest = try Manifest(json: json["manifest"] ?? .null)
            #expect(try Manifest(json: manifest.json) == manifest)
            return
        case .query where json["outcome"] == "not_found": expected = ["outcome": "not_found"]
        case .send, .query: expected = try SendAnswer(members: json).members
        case .configure where json["ok"] == false:
            expected = ["ok": false, "error": .string(try #require(json["error"]?.string))]
        default: expected = ["ok": true]
        }
        expected["id"] = .integer(Int64(id))
        #expect(json == .object(expected))
    }

    @Test(arguments: try Document.transcripts().filter { $0.player != nil })
    func aNamedProgramAnswersAsShown(_ transcript: Document.Transcript) throws {
        let name = try #require(transcript.player)
        let lines =
            name.hasSuffix(".py")
            ? try Play.run(
                "/usr/bin/env", ["python3", Document.folder.path + "/examples/" + name],
                transcript.requests)
            : try Play.run(Play.program(name), ["--channel", "sms"], transcript.requests)
        #expect(
            try lines.map { try JSON(parsing: $0) }
                == transcript.answers.map { try JSON(parsing: $0) })
    }

    @Test func theProgramInTheDocumentIsTheOneInTheFolder() throws {
        let path = Document.folder.appendingPathComponent("examples/file_channel.py")
        let program = try String(contentsOf: path, encoding: .utf8)
        #expect(try Document.text().contains("```python\n\(program)```"))
    }

    @Test func theTablesNameWhatTheCodeKnows() throws {
        let text = try Document.text()
        let words =
            SendAnswer.Failure.Kind.allCases.map(\.rawValue)
            + ChannelLine.Inbound.Kind.allCases.map(\.rawValue)
            + Manifest.Dedupe.allCases.map(\.rawValue)
        for word in words { #expect(text.contains("`\(word)`"), "\(word)") }
    }
}
