import Foundation
import JSONLines
import SeededNumbers
import Testing

/// Python's parser, which shares nothing with this one, judges the same texts.
@Suite struct OracleTests {
    @Test("Whole and damaged texts are read or refused as Python's strict parser does")
    func verdicts() throws {
        var generator = SeededNumbers.announced("oracle")
        var texts: [[UInt8]] = []
        for number in 0..<20_000 {
            var text = generator.json(depth: 3).bytes
            for _ in 0..<number % 4 { generator.damage(&text) }
            texts.append(text)
        }
        let verdicts = try judge(texts)
        try #require(verdicts.count == texts.count)
        var differing: [String] = []
        for (text, verdict) in zip(texts, verdicts) where !isSame(text, verdict) {
            differing.append(String(decoding: text, as: UTF8.self) + " -> " + verdict)
        }
        #expect(differing.isEmpty, "\(differing.count): \(differing.prefix(3))")
        let refused = verdicts.count { $0 == "refused" }
        #expect((1_000..<19_000).contains(refused))
    }

    private func isSame(_ text: [UInt8], _ verdict: String) -> Bool {
        let value = try? JSON(parsing: text)
        guard verdict != "refused" else { return value == nil }
        return value != nil && value == (try? JSON(parsing: verdict))
    }

    private func judge(_ texts: [[UInt8]]) throws -> [String] {
        let script = try #require(
            Bundle.module.url(
                forResource: "json_oracle", withExtension: "py", subdirectory: "Oracle"))
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (input, output) = (folder.appending(path: "texts"), folder.appending(path: "verdicts"))
        let lines = texts.map { $0.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) } }
        try lines.map { $0.joined() + "\n" }.joined()
            .write(to: input, atomically: true, encoding: .utf8)
        try Data().write(to: output)
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments = ["python3", script.path]
        python.standardInput = try FileHandle(forReadingFrom: input)
        python.standardOutput = try FileHandle(forWritingTo: output)
        try python.run()
        python.waitUntilExit()
        try #require(python.terminationStatus == 0)
        return try String(contentsOf: output, encoding: .utf8).split(separator: "\n").map(
            String.init)
    }
}
