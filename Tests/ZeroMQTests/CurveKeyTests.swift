import Foundation
import Testing
import ZeroMQ

@Suite struct CurveKeyTests {
    @Test("A key is 40 characters of Z85 for 32 bytes, and nothing else")
    func z85() throws {
        let pair = try CurveKeyPair()
        #expect(CurveKey(z85: pair.publicKey.text) == pair.publicKey)
        #expect(try CurveKeyPair(secretKey: pair.secretKey) == pair)
        // RFC 32's example, four times: 8 bytes are 10 characters.
        let bytes: [UInt8] = [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B]
        let text = String(repeating: "HelloWorld", count: 4)
        #expect(CurveKey(bytes: Array([bytes, bytes, bytes, bytes].joined()))?.text == text)
        #expect(CurveKey(z85: text) != nil)
    }

    static let wrong = [
        "", "HelloWorld", String(repeating: "a", count: 39), String(repeating: "a", count: 41),
        String(repeating: "~", count: 40), String(repeating: "é", count: 20),
        // The largest number that five characters can write is more than four bytes hold.
        String(repeating: "#", count: 40), String(repeating: "a", count: 39) + "\0",
    ]

    @Test("What is no key is refused", arguments: wrong)
    func wrongText(_ text: String) {
        #expect(CurveKey(z85: text) == nil)
        #expect(CurveKey(bytes: Array(text.utf8.prefix(31))) == nil)
    }

    @Test("The secret stays out of descriptions")
    func description() throws {
        let pair = try CurveKeyPair()
        #expect(!"\(pair)".contains(pair.secretKey.text))
        #expect("\(pair)".contains(pair.publicKey.text))
    }

    @Test("A file keeps a pair for its owner alone, and is never replaced")
    func file() throws {
        let path = NSTemporaryDirectory() + "\(UUID()).key"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let pair = try CurveKeyPair()
        try CurveKeyFile.write(pair, to: path, comment: "A test.")
        #expect(try CurveKeyFile(path: path).pair == pair)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        #expect(throws: CurveKeyFile.Failure.exists) {
            try CurveKeyFile.write(pair, to: path, comment: "Another.")
        }
        chmod(path, 0o604)
        #expect(throws: CurveKeyFile.Failure.readableByAll) { try CurveKeyFile(path: path) }
    }

    @Test("A file of a public key alone may be read by all")
    func publicFile() throws {
        let path = NSTemporaryDirectory() + "\(UUID()).pub"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let pair = try CurveKeyPair()
        try "curve\n    public-key = \"\(pair.publicKey.text)\"\n".write(
            toFile: path, atomically: true, encoding: .utf8)
        chmod(path, 0o644)
        let file = try CurveKeyFile(path: path)
        #expect(file.publicKey == pair.publicKey)
        #expect(file.pair == nil)
        #expect(throws: CurveKeyFile.Failure.self) { try CurveKeyFile(path: path + ".none") }
    }
}
