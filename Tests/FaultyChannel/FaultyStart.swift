import ChannelKit
import Glibc
import JSONLines

/// What it says of itself, and how it takes its configuration.
extension FaultyProgram {
    func greet(_ id: JSON) {
        switch fault {
        case .neverGreets: break
        case .greetsWithoutManifest: Wire.answer(id, ["ok": true])
        case .wrongManifest: Wire.answer(id, ["manifest": wrongManifest])
        default: Wire.answer(id, ["manifest": manifest.json])
        }
    }

    private var manifest: Manifest {
        Manifest(
            name: "FaultyChannel", version: fault == .changesManifest ? "1.\(getpid())" : "1",
            channel: "faulty", address: .contact(field: "phone"), maxInflight: window,
            sendTimeoutMilliseconds: 5_000, dedupe: .local, query: true,
            inbound: fault == .reports, statuses: reports.isOn ? ["delivered"] : [],
            config: [
                "account": [
                    "description": "The account.", "required": .bool(fault == .takesAnything),
                ],
                "token": ["description": "Its password.", "secret": true],
            ])
    }

    private var window: Int {
        switch fault {
        case .stopsReading: 10_000
        case .claimsHugeWindow: 1_000_000
        default: 8
        }
    }

    /// Each member is wrong.
    private var wrongManifest: JSON {
        [
            "protocols": "1", "name": "", "version": 2, "channel": nil, "address": [],
            "max_inflight": "many", "send_timeout_ms": 5, "dedupe": true, "query": "yes",
            "statuses": ["read"], "config": ["path": ["required": 1]],
        ]
    }

    mutating func configure(_ id: JSON, _ config: JSONObject, _ check: Bool) {
        configured += 1
        if let refusal = refusal(config, check) {
            hasRefused = true
            let error: JSONObject = ["ok": false, "error": .string(refusal)]
            return Wire.answer(id, fault == .refusesWithoutText ? ["ok": false] : error)
        }
        hasTaken = hasTaken || !check
        if fault == .closesInput { close(STDIN_FILENO) }
        Wire.answer(id, ["ok": true])
        afterConfiguration(config)
    }

    private func refusal(_ config: JSONObject, _ check: Bool) -> String? {
        switch fault {
        case .takesAnything: return nil
        case .refusesTwice where configured <= 2: return "wrong password \(configured)"
        case .refusesSecond where hasTaken: return "it is connected already"
        case .refusesChecks where check: return "it cannot check"
        case .keepsBadConfiguration where hasRefused: return "it was refused before"
        case .missesOldFolder: if !hasOldFolder { return "its files are gone" }
        case .echoesSecret:
            if let token = config["token"] { return "no login with \(token.text)" }
        case .logsSecret: Wire.complain("login with \(config["token"]?.text ?? "nothing")\n")
        default: break
        }
        return ["account", "token"].lazy
            .compactMap { name in config[name].map { (name, $0) } }
            .first { $0.1.string == nil }.map { "\($0.0): Expected a string, not \($0.1.kind)." }
    }

    /// Whether its folder is the one that it had when the file of its argument was made.
    private var hasOldFolder: Bool {
        let marker = argument ?? "marker"
        if access(marker, F_OK) == 0 { return access("state", F_OK) == 0 }
        for file in [marker, "state"] { close(open(file, O_CREAT | O_WRONLY, 0o600)) }
        return true
    }

    private func afterConfiguration(_ config: JSONObject) {
        switch fault {
        case .closesInput, .stopsReading: Surroundings.waitForEver()
        case .closesOutput: close(STDOUT_FILENO)
        case .closesOutputAndStays:
            close(STDOUT_FILENO)
            Surroundings.waitForEver()
        case .closesErrors: close(STDERR_FILENO)
        case .leaksDescriptors: _ = open("/dev/null", O_RDONLY)
        case .leavesChild: Surroundings.startGrandchild("grandchild")
        case .leavesSession: Surroundings.startGrandchild("grandchild", leavesGroup: true)
        case .reports: report()
        default: break
        }
    }

    private func report() {
        Wire.write(line: .status(eventID: "e1", key: "k1", .delivered))
        Wire.write(
            line: .inbound(.init(eventID: "e2", kind: .optOut, from: "+15550100", text: "STOP ✋")))
    }
}
