import ChannelKit
import Glibc
import JSONLines

/// How it answers messages.
extension FaultyProgram {
    mutating func send(_ id: JSON, _ message: SendRequest) {
        dieOver(message)
        switch fault {
        case .answersBackwards: holdBack(id)
        case .splitsLines: splitAnswer(id)
        case .answersLate, .drainsEarly: held.append(id)
        case .neverAnswers, .answersOnlyPings: break
        case .dropsOne where isEighth(id): break
        case .halfLineAndExit:
            Wire.write("{\"id\":\(id.text),\"outco")
            exit(0)
        case .answersUnknownID:
            Wire.answer(.integer((id.integer ?? 0) + 1_000_000), ["outcome": "sent"])
        case .badOutcome: Wire.answer(id, ["outcome": "gone"])
        default:
            makeNoise()
            let outcome = outcome(message)
            if outcome == .sent { keys.add(message.key) }
            Wire.answer(id, outcome.members)
            reports.add(message.key)
            afterAnswer(id)
        }
    }

    /// Ends where the message is one that this fault cannot bear.
    private func dieOver(_ message: SendRequest) {
        let text = message.content["text"]?.string ?? ""
        switch fault {
        case .diesInFlight where message.key == "deadly":
            Wire.complain("out of memory\n")
            kill(getpid(), SIGKILL)
        case .diesOnLongText where text.utf8.count > 50_000: exit(6)
        case .diesOnEmoji where text.unicodeScalars.contains { $0.value > 0xFFFF }: exit(6)
        case .diesOnNewContent where message.content.count > 1: exit(6)
        case .leavesGrandchild:
            Surroundings.startGrandchild(argument ?? "grandchild")
            _exit(0)
        default: break
        }
    }

    private func outcome(_ message: SendRequest) -> SendAnswer {
        switch fault {
        case .reportsConfigFault: return .failed(.init(.config, reason: "account closed"))
        case .describesItself: return .failed(.init(.permanent, reason: Surroundings.text))
        case .diesAfterAccepted: return .accepted
        case .sendsAnything: return .sent
        default: break
        }
        if message.to == nil { return .failed(.init(.permanent, reason: "no address")) }
        // Both are written alike, so that their order is that of the texts.
        if message.at > message.notAfter, !message.at.isEmpty {
            return .failed(.init(.permanent, reason: "too late"))
        }
        if fault == .answersRepeatsDifferently, keys.contains(message.key) {
            return .failed(.init(.permanent, reason: "it was sent before"))
        }
        return .sent
    }

    /// Writes what no channel should write.
    private mutating func makeNoise() {
        switch fault {
        case .answersSlowly: usleep(500_000)
        case .hugeLine: Wire.write(String(repeating: "x", count: 3 << 20) + "\n")
        case .floodsOutput:
            if held.isEmpty { held = [0] } else { return }
            let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
            for _ in 0..<100 { Wire.write(piece) }
        case .writesBinary: Wire.write([0xFF, 0x00, 0xFE, 0x0A, 0x80, 0x0A])
        case .writesLogToOutput: Wire.write("a message was sent\n")
        case .floodsErrors:
            for _ in 0..<20_000 {
                Wire.complain("a complaint that nobody asked for and nobody reads\n")
            }
        default: break
        }
    }

    private func afterAnswer(_ id: JSON) {
        if fault == .answersTwice { Wire.answer(id, ["outcome": "sent"]) }
        if fault == .diesAfterAccepted {
            Wire.complain("a broken promise\n")
            exit(3)
        }
    }

    /// Whether it is the last of eight that wait at once.
    private mutating func isEighth(_ id: JSON) -> Bool {
        held = input.isDrained && held.count < 7 ? [] : held + [id]
        defer { if held.count == 8 { held = [] } }
        return held.count == 8
    }

    /// Answers the last of four first.
    private mutating func holdBack(_ id: JSON) {
        held.append(id)
        guard held.count == 4 else { return }
        for id in held.reversed() { Wire.answer(id, ["outcome": "accepted"]) }
        held = []
    }

    /// Writes half of an answer now and the rest only when the next message comes.
    private mutating func splitAnswer(_ id: JSON) {
        for id in held { Wire.write(",\"outcome\":\"sent\",\"id\":\(id.text)}\r\n") }
        held = [id]
        Wire.write("{\"note\":\"half\"")
    }
}
