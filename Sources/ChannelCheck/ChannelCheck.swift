import ChannelHost
import Foundation

/// Holds a channel's executable against the protocol of channels.
///
/// Children run one after the other and never two at once, because a channel may lock a file or listen
/// at a port. All share one folder, as the starts of an installed channel do; it is removed at the end.
public struct ChannelCheck {
    private let options: CheckOptions

    /// A run with `options`.
    public init(_ options: CheckOptions) { self.options = options }

    /// Runs the checks, and calls `each` with every result as it comes; an error of `each` ends the run.
    ///
    /// Blocks until all are done and every child has ended. From here on the process ignores SIGPIPE:
    /// writing to a child that has died would end it.
    /// - Throws: an error of `FileManager` where no temporary folder can be made; what `each` throws, when
    ///   every child has ended.
    public func run(each: (CheckResult) throws -> Void = { _ in }) throws -> CheckReport {
        signal(SIGPIPE, SIG_IGN)
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let subject = Subject(options, folder: folder.path)
        var broken: [Check.Need: String] = [:]
        var results: [CheckResult] = []
        for check in Check.all where options.only.isEmpty || options.only.contains(check.id) {
            let result = run(check, subject, &broken)
            try each(result)
            results.append(result)
        }
        subject.closeShared()
        return CheckReport(subject: subject.name, results: results)
    }

    private func run(_ check: Check, _ subject: Subject, _ broken: inout [Check.Need: String])
        -> CheckResult
    {
        let began = ContinuousClock.now
        subject.check = check.id
        let outcome = outcome(check, subject, broken)
        if case .passed = outcome {
        } else {
            subject.abandonShared()
            if check.id == Check.gate(of: .message) { subject.sendsWork = false }
        }
        if let need = Check.Need.allCases.first(where: { Check.gate(of: $0) == check.id }),
            let reason = reason(check, outcome)
        {
            broken[need] = reason
        }
        return CheckResult(
            check: check, outcome: outcome, duration: ContinuousClock.now - began)
    }

    /// Why nothing that needs this check can be checked, where it did not pass.
    private func reason(_ check: Check, _ outcome: CheckResult.Outcome) -> String? {
        switch outcome {
        case .passed: nil
        case .skipped(let reason): reason
        case .failed, .noted: "See \(check.id), which it needs."
        }
    }

    private func outcome(_ check: Check, _ subject: Subject, _ broken: [Check.Need: String])
        -> CheckResult.Outcome
    {
        let needed = Check.Need.allCases.first { need in
            need <= check.need && Check.gate(of: need) != check.id && broken[need] != nil
        }
        if let needed, let reason = broken[needed] { return .skipped(reason) }
        do throws(Verdict) {
            if check.need == .message { try subject.requireSending() }
            if check.need != .nothing { try subject.requireManifest() }
            try check.body(subject)
            return .passed
        } catch {
            switch error {
            case .skipped(let reason): return .skipped(subject.shown(reason))
            case .failed(let seen) where check.weight == .advice:
                return .noted(subject.shown(seen))
            case .failed(let seen): return .failed(subject.shown(seen))
            }
        }
    }
}

/// A folder that nobody else may read, for as long as a channel works in it.
struct TemporaryFolder {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "channel-check-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        path = folder.path
    }

    /// Removes the folder and all in it.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
