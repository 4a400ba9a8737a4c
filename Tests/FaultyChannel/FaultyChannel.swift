import ChannelKit
import Glibc
import JSONLines

/// A channel that misbehaves in the way its first argument names; each way is one fault that a real
/// channel's process can have.
@main
enum FaultyChannel {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard let name = arguments.first, let fault = Fault(rawValue: name) else { exit(64) }
        if fault == .ignoresTermination { signal(SIGTERM, SIG_IGN) }
        if fault == .printsBanner {
            Wire.write("Starting up, please wait.\n{\"level\":\"info\"}\n")
        }
        if fault == .diesAtOnce {
            Wire.complain("no such module: provider\n")
            exit(1)
        }
        if fault == .usesKit {
            var loop = ChannelMain(KitChannel())
            return loop.run()
        }
        var program = FaultyProgram(fault: fault, argument: arguments.dropFirst().first)
        program.run()
    }
}

/// The ways to misbehave.
enum Fault: String {
    case none, usesKit
    case answersBackwards, printsBanner, splitsLines, hugeLine
    case neverAnswers, neverGreets, answersOnlyPings, answersLate
    case diesInFlight, diesAtOnce
    case ignoresTermination, leavesGrandchild
    case floodsErrors, closesInput, closesOutput, closesOutputAndStays, closesErrors, stopsReading
    case refusesTwice, reportsConfigFault
    case reports, describesItself
}

/// Its loop: one request after the other, by hand, so that it can break every rule.
struct FaultyProgram {
    let fault: Fault
    let argument: String?
    private var lines = LineSplitter(limit: 1 << 20)
    private var held: [JSON] = []
    private var configured = 0

    init(fault: Fault, argument: String?) {
        self.fault = fault
        self.argument = argument
    }

    mutating func run() {
        while let line = nextLine() {
            guard let json = try? JSON(parsing: line),
                let (id, request) = try? HostRequest.read(json)
            else { continue }
            take(id, request)
        }
        if fault == .ignoresTermination { waitForEver() }
    }

    private mutating func nextLine() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            if case .complete(let line)? = lines.next() { return line }
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            guard count > 0 else { return nil }
            lines.append(buffer[0..<count])
        }
    }

    private mutating func take(_ id: JSON, _ request: HostRequest) {
        switch request {
        case .hello:
            if fault != .neverGreets { answer(id, ["manifest": manifest.json]) }
        case .configure: configure(id)
        case .send(let message): send(id, message)
        case .query(let key):
            answer(id, key == "lost" ? ["outcome": "not_found"] : ["outcome": "sent"])
        case .ping:
            if fault == .answersLate {
                for id in held { answer(id, ["outcome": "sent"]) }
            } else if fault != .neverAnswers {
                answer(id, ["ok": true])
            }
        case .acknowledge(let eventID): acknowledged(eventID)
        default: answer(id, ["ok": true])
        }
    }

    private var manifest: Manifest {
        Manifest(
            name: "FaultyChannel", version: "1", channel: "faulty",
            address: .contact(field: "phone"),
            maxInflight: fault == .stopsReading ? 10_000 : 8, sendTimeoutMilliseconds: 5_000,
            query: true,
            inbound: fault == .reports)
    }

    private mutating func configure(_ id: JSON) {
        configured += 1
        if fault == .refusesTwice, configured <= 2 {
            return answer(id, ["ok": false, "error": .string("wrong password \(configured)")])
        }
        if fault == .closesInput { close(STDIN_FILENO) }
        answer(id, ["ok": true])
        switch fault {
        case .closesInput: waitForEver()
        case .stopsReading: waitForEver()
        case .closesOutput: close(STDOUT_FILENO)
        case .closesOutputAndStays:
            close(STDOUT_FILENO)
            waitForEver()
        case .closesErrors: close(STDERR_FILENO)
        case .reports: report()
        default: break
        }
    }

    private mutating func send(_ id: JSON, _ message: SendRequest) {
        switch fault {
        case .answersBackwards: holdBack(id)
        case .answersLate: held.append(id)
        case .neverAnswers, .answersOnlyPings: break
        case .diesInFlight where message.key == "deadly":
            Wire.complain("out of memory\n")
            kill(getpid(), SIGKILL)
        case .leavesGrandchild:
            startGrandchild()
            _exit(0)
        case .splitsLines: splitAnswer(id)
        case .hugeLine:
            Wire.write(String(repeating: "x", count: 3 << 20) + "\n")
            answer(id, ["outcome": "sent"])
        case .floodsErrors:
            for _ in 0..<20_000 {
                Wire.complain("a complaint that nobody asked for and nobody reads\n")
            }
            answer(id, ["outcome": "sent"])
        case .reportsConfigFault:
            answer(id, SendAnswer.failed(.init(.config, reason: "account closed")).members)
        case .describesItself:
            answer(id, SendAnswer.failed(.init(.permanent, reason: Surroundings.text)).members)
        default: answer(id, ["outcome": "sent"])
        }
    }

    /// Answers the last of four first.
    private mutating func holdBack(_ id: JSON) {
        held.append(id)
        guard held.count == 4 else { return }
        for id in held.reversed() { answer(id, ["outcome": "accepted"]) }
        held = []
    }

    /// Writes half of an answer now and the rest only when the next message comes.
    private mutating func splitAnswer(_ id: JSON) {
        for id in held { Wire.write(",\"outcome\":\"sent\",\"id\":\(id.text)}\r\n") }
        held = [id]
        Wire.write("{\"note\":\"half\"")
    }

    private func report() {
        Wire.write(line: .status(eventID: "e1", key: "k1", .delivered))
        Wire.write(
            line: .inbound(.init(eventID: "e2", kind: .optOut, from: "+15550100", text: "STOP ✋")))
    }

    /// Tells that it was told, and repeats what it was not told about.
    private func acknowledged(_ eventID: String) {
        if eventID == "e2" { Wire.write(line: .status(eventID: "e1", key: "k1", .delivered)) }
        if eventID == "e1" {
            Wire.write(line: .inbound(.init(eventID: "e3", kind: .reply, text: "acknowledged e1")))
        }
    }

    /// A child of the child that holds the pipes open, and writes its number into the named file.
    private func startGrandchild() {
        var process: pid_t = 0
        let script = "echo $$ > '\(argument ?? "/dev/null")'; exec sleep 1000"
        var words: [UnsafeMutablePointer<CChar>?] = ["/bin/sh", "-c", script].map {
            (word: String) in strdup(word)
        }
        words.append(nil)
        posix_spawn(&process, "/bin/sh", nil, nil, words, environ)
        var status = stat()
        while stat(argument ?? "/", &status) != 0 || status.st_size == 0 { sched_yield() }
    }

    private func answer(_ id: JSON, _ members: JSONObject) {
        var line = members
        line["id"] = id
        Wire.write(JSON.object(line).text + "\n")
    }

    private func waitForEver() -> Never {
        while true { pause() }
    }
}

/// Bytes to the host.
enum Wire {
    static func write(_ text: String) { write(text, to: STDOUT_FILENO) }
    static func complain(_ text: String) { write(text, to: STDERR_FILENO) }

    static func write(line: ChannelLine) {
        var bytes: [UInt8] = []
        line.write(to: &bytes)
        write(String(decoding: bytes, as: UTF8.self))
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// What a child sees of where it runs.
enum Surroundings {
    static var text: String {
        var names: [String] = []
        var entry = environ
        while let variable = entry.pointee {
            names.append(
                String(cString: variable).split(separator: "=").first.map(String.init) ?? "")
            entry += 1
        }
        let open = (0..<1_024).filter { fcntl(Int32($0), F_GETFD) != -1 }
        let folder = getcwd(nil, 0).map { String(cString: $0) } ?? ""
        return "\(names.sorted().joined(separator: ","));\(open);\(getpid() == getpgrp());\(folder)"
    }
}
