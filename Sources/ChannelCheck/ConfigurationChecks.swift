import Foundation
import JSONLines

/// How a channel takes its configuration.
extension Check {
    static let configuration = [
        Check(
            "configure", .configuration, "It takes the configuration within 60 s.",
            mend: "Mend the configuration that --config gives, or what the channel makes of it.",
            need: .greeting
        ) { subject throws(Verdict) in
            _ = try subject.ready()
        },
        Check(
            "configure-again", .configuration, "It takes the same configuration again.",
            mend: "Let go of what the last configuration opened, then take the new one.",
            need: .configuration
        ) { subject throws(Verdict) in
            let session = try subject.ready()
            for _ in 1...2 { try subject.configure(session) }
            try session.ping(within: subject.options.limits.answer, "a ping behind it")
        },
        Check(
            "configure-check", .configuration,
            "It answers a configuration that it is only to check.",
            mend:
                "With \"check\": true connect, send nothing, answer {\"ok\": true}, and stay as before.",
            need: .configuration, body: checkOnly),
        Check(
            "configure-empty", .configuration,
            "It refuses an empty configuration where the manifest requires members.",
            mend: "Answer {\"ok\": false, \"error\": \"what is missing\"}, and live on.",
            need: .greeting, body: withoutMembers),
        Check(
            "configure-types", .configuration, "It refuses members of a wrong type.",
            mend:
                "Look at the type of each member before using it; refuse with ok false and the reason.",
            need: .configuration, body: wrongTypes),
        Check(
            "configure-secrets", .configuration,
            "It repeats no secret in an error or in its log text.",
            mend: "Name the member in the error, never its value.", need: .greeting, body: secrets),
        Check(
            "configure-mended", .configuration, "It takes a good configuration behind a bad one.",
            mend:
                "Keep nothing of a configuration that was refused; the host tries again each minute.",
            need: .configuration, body: mended),
    ]

    private static func checkOnly(_ subject: Subject) throws(Verdict) {
        let session = try subject.greeted()
        let config = try subject.config()
        let limit = subject.options.limits.configure
        for moment in ["before", "behind"] {
            let refusal = try session.configure(config, check: true, within: limit)
            if let refusal {
                throw .failed("It refused the check \(moment) the configuration: \(refusal)")
            }
            try subject.configure(session)
        }
        subject.close(session)
    }

    private static func withoutMembers(_ subject: Subject) throws(Verdict) {
        let required = subject.configMembers.filter { $0.schema["required"] == true }.map(\.name)
        let session = try subject.greeted()
        let refusal = try session.configure([:], within: subject.options.limits.configure)
        try session.ping(within: subject.options.limits.answer, "a ping behind it")
        subject.close(session)
        if refusal == nil, !required.isEmpty {
            let names = required.joined(separator: ", ")
            throw .failed("It took a configuration without \(names).")
        }
    }

    private static func wrongTypes(_ subject: Subject) throws(Verdict) {
        let config = try subject.config()
        let given = subject.configMembers.map(\.name).filter { config[$0] != nil }
        if given.isEmpty {
            throw .skipped("Its manifest describes no member that the configuration gives.")
        }
        let session = try subject.greeted()
        for name in given {
            let spoilt = config.spoilt(name)
            let refusal = try session.configure(spoilt, within: subject.options.limits.configure)
            guard refusal == nil else { continue }
            throw .failed("It took \(name) as \(spoilt[name]?.kind ?? "nothing").")
        }
        subject.close(session)
    }

    private static func mended(_ subject: Subject) throws(Verdict) {
        let session = try subject.greeted()
        let config = try subject.config()
        let bad = [JSONObject()] + config.names.map(config.spoilt)
        var wasRefused = false
        for config in bad where !wasRefused {
            let limit = subject.options.limits.configure
            wasRefused = try session.configure(config, within: limit) != nil
        }
        guard wasRefused else { throw .skipped("It refused no configuration.") }
        try subject.configure(session)
        subject.close(session)
    }

    private static func secrets(_ subject: Subject) throws(Verdict) {
        let secret = subject.configMembers.filter { $0.schema["secret"] == true }.map(\.name)
        guard !secret.isEmpty else { throw .skipped("Its manifest names no secret member.") }
        let marker = "secret-\(UUID().uuidString)"
        let session = try subject.greeted()
        for name in secret {
            for config in try subject.config().betraying(name, marker) {
                let limit = subject.options.limits.configure
                let refusal = try session.configure(config, check: true, within: limit)
                if refusal?.contains(marker) == true {
                    throw .failed("Its error repeats the value of \(name).")
                }
            }
        }
        subject.close(session)
        guard !session.errorLines.contains(where: { $0.contains(marker) }) else {
            throw .failed("Its log text repeats the value of a secret member.")
        }
    }
}

extension Subject {
    /// The members of the configuration, as the manifest describes them.
    fileprivate var configMembers: [(name: String, schema: JSON)] {
        manifestJSON?["config"]?.object?.members.map { ($0.name, $0.value) } ?? []
    }
}

extension JSONObject {
    /// The same with another type of value for `name`.
    fileprivate func spoilt(_ name: String) -> JSONObject {
        var spoilt = self
        switch self[name] {
        case .array?, .object?: spoilt[name] = 7
        default: spoilt[name] = ["unexpected": true]
        }
        return spoilt
    }

    /// Configurations that a channel is to refuse, all with `marker` for the secret `name`.
    fileprivate func betraying(_ name: String, _ marker: String) -> [JSONObject] {
        let alone: JSONObject = [name: .string(marker)]
        var wrong = self
        wrong[name] = .string(marker)
        var nested = self
        nested[name] = [.string(marker)]
        return [alone, wrong, nested] + names.filter { $0 != name }.map(wrong.spoilt)
    }
}
