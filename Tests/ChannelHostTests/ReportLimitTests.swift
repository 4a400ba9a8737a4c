import ChannelKit
import JSONLines
import Logging
import Testing

@testable import ChannelHost

/// What a channel writes is bounded before anybody keeps it.
struct ReportLimitTests {
    private func process() -> ChannelProcess {
        var log = Logger(label: "test")
        log.logLevel = .critical
        let settings = ChannelSettings(name: "chat", program: "/none", workingDirectory: "/")
        return ChannelProcess(settings, log: log) {}
    }

    private func take(_ json: JSON, _ process: ChannelProcess) {
        process.take(.complete(json.bytes), now: .zero)
    }

    private static let long = String(repeating: "é", count: 400_000)

    @Test func anEventIDHasAShortLimit() {
        let process = process()
        for length in [512, 513, 900_000] {
            let id = String(repeating: "x", count: length)
            take(
                ["event": "status", "event_id": .string(id), "key": "k", "outcome": "sent"],
                process)
            take(["event": "inbound", "event_id": .string(id), "kind": "reply"], process)
        }
        #expect(process.takeReports().count == 2)
        #expect(process.status.strayLines == 4)
        #expect(process.status.lastError?.contains("event_id") == true)
    }

    @Test func aTextIsCutAndNotLost() throws {
        let process = process()
        take(
            ["event": "inbound", "event_id": "i", "kind": "reply", "text": .string(Self.long)],
            process)
        guard case .inbound(_, let inbound)? = process.takeReports().first else {
            Issue.record("The reply is lost.")
            return
        }
        #expect(inbound.text?.utf8.count ?? 0 > 64 << 10)
        #expect(inbound.text?.utf8.count ?? 0 <= 128 << 10)
        #expect(inbound.text?.hasSuffix("é…") == true)
    }

    @Test func reasonsAreCut() throws {
        let process = process()
        let failure: JSON = ["kind": "permanent", "reason": .string(Self.long)]
        take(
            [
                "event": "status", "event_id": "s", "key": "k", "outcome": "failed",
                "failure": failure,
            ], process)
        guard case .status(_, _, _, .failed(let read))? = process.takeReports().first else {
            Issue.record("The report is lost.")
            return
        }
        #expect(read.reason.utf8.count <= 1_000)
    }

    @Test(arguments: ["", "a b", "a.b", "a\"b", "ä", String(repeating: "x", count: 65)])
    func aManifestNamesAField(_ field: String) {
        let manifest = Manifest(
            name: "n", version: "1", channel: "chat", address: .contact(field: field))
        #expect(throws: FieldError.self) { try Manifest(json: manifest.json) }
    }

    @Test(arguments: ["name", "version", "channel"]) func itsNamesAreShort(_ member: String) {
        var json =
            Manifest(name: "n", version: "1", channel: "chat", address: .staff).json.object ?? [:]
        json[member] = .string(Self.long)
        #expect(throws: FieldError.self) { try Manifest(json: .object(json)) }
    }

    @Test func aBoundedTextKeepsItsCharacters() {
        #expect("Hallo".bounded(to: 5) == "Hallo")
        #expect("Hallo!".bounded(to: 5) == "Ha…")
        #expect("ééé".bounded(to: 5) == "é…")
        #expect("👋👋".bounded(to: 6) == "…")
        #expect("👋👋".bounded(to: 7) == "👋…")
    }
}
