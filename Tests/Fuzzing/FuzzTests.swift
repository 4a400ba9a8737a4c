import Foundation
import Testing

/// Every target takes its corpus, every beginning of it, and random changes of it.
///
/// The changes are the same each time, but where `FUZZ_SEED` is `random` or a number. `FUZZ_CASES` is the
/// number of random inputs for each target, and `FUZZ_INPUT` names a file that holds the last input, also
/// where it ended the process.
@Suite(.serialized) struct FuzzTests {
    private static let targets = FuzzTarget.ofLibraries + FuzzTarget.ofPlugins
    private static let seed = setting("FUZZ_SEED", random: UInt64.random(in: 0 ... .max)) ?? 1
    private static let inputFile = ProcessInfo.processInfo.environment["FUZZ_INPUT"]

    private static func setting(_ name: String, random: UInt64? = nil) -> UInt64? {
        let text = ProcessInfo.processInfo.environment[name]
        return text == "random" ? random : text.flatMap { UInt64($0) }
    }

    private func give(_ bytes: [UInt8], to target: FuzzTarget) {
        if let path = FuzzTests.inputFile {
            try? Data(bytes).write(to: URL(fileURLWithPath: path))
        }
        do {
            try target.run(bytes)
        } catch {
            let input = Data(bytes).base64EncodedString()
            Issue.record("\(target.name), FUZZ_SEED=\(FuzzTests.seed): \(error) Input: \(input)")
        }
    }

    @Test("The corpus and all its beginnings", arguments: targets.map(\.name))
    func corpus(_ name: String) throws {
        let target = try #require(FuzzTests.targets.first { $0.name == name })
        for input in try Corpus.inputs(of: target) {
            give(input, to: target)
            let step = max(1, input.count / 100)
            for count in stride(from: 0, to: input.count, by: step) {
                give(Array(input[..<count]), to: target)
            }
        }
    }

    @Test("Random changes of the corpus", arguments: targets.map(\.name))
    func changes(_ name: String) throws {
        let target = try #require(FuzzTests.targets.first { $0.name == name })
        print("FUZZ_SEED=\(FuzzTests.seed) repeats the inputs of \(name)")
        var mutation = Mutation(
            seed: FuzzTests.seed, corpus: try Corpus.inputs(of: target), words: try Corpus.words())
        for _ in 0..<(FuzzTests.setting("FUZZ_CASES").map { Int($0) } ?? target.cases) {
            give(mutation.next(), to: target)
        }
    }
}

/// The inputs that are kept, and the words that inputs are made of.
enum Corpus {
    struct Missing: Error { let name: String }

    /// The inputs of `target`, at least one.
    static func inputs(of target: FuzzTarget) throws -> [[UInt8]] {
        guard let folder = Bundle.module.url(forResource: "Corpus", withExtension: nil) else {
            throw Missing(name: "Corpus")
        }
        let files = try FileManager.default.contentsOfDirectory(
            at: folder.appendingPathComponent(target.name), includingPropertiesForKeys: nil)
        guard !files.isEmpty else { throw Missing(name: target.name) }
        return try files.sorted { $0.path < $1.path }.map { try Array(Data(contentsOf: $0)) }
    }

    /// The words of a dictionary in libFuzzer's format.
    static func words() throws -> [[UInt8]] {
        guard let file = Bundle.module.url(forResource: "Words", withExtension: nil) else {
            throw Missing(name: "Words")
        }
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return lines.filter { $0.hasPrefix("\"") }.map { unescaped($0.dropFirst().dropLast().utf8) }
    }

    /// Takes `\xAB` for a byte, and any other character behind a backslash as it is.
    private static func unescaped(_ text: Substring.UTF8View) -> [UInt8] {
        var (rest, bytes) = (text, [UInt8]())
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            let digits = String(rest.prefix(2)) ?? ""
            if next == UInt8(ascii: "x"), let value = UInt8(digits, radix: 16) {
                rest.removeFirst(2)
                bytes.append(value)
            } else {
                bytes.append(next)
            }
        }
        return bytes
    }
}
