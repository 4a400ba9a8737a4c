import ChannelHost
import ChannelKit
import JSONLines

/// The channel under check: how it is started, and what is known of it from one check to the next.
///
/// Checks share one session as long as it is in order; those that end the channel have their own.
final class Subject {
    let options: CheckOptions
    private let folder: String
    /// The manifest as the channel wrote it.
    private(set) var manifestJSON: JSON?
    private(set) var tally = Tally()
    private var shared: Session?
    private var mask = SecretMask()
    private var messages = 0
    /// The check that runs.
    var check = ""
    /// Whether messages may be sent and are answered, so that other checks can do so on their way.
    var sendsWork: Bool
    /// What makes the keys of this run differ from those of all others.
    private let runName = String(UInt32.random(in: .min ... .max), radix: 16)

    /// What was seen of its reports, once they were looked at.
    var reports: Result<ReportSeries, Verdict>?

    init(_ options: CheckOptions, folder: String) {
        self.options = options
        sendsWork = options.sends
        self.folder = folder
    }

    /// What the channel calls itself, or the executable's path.
    var name: String {
        guard let manifest = try? manifest() else { return options.program }
        return "\(manifest.name) \(manifest.version), channel \(manifest.channel)"
    }

    /// The manifest as the host reads it.
    func manifest() throws(Verdict) -> Manifest {
        do throws(FieldError) {
            return try Manifest(json: manifestJSON ?? .null)
        } catch {
            throw .skipped("The host refuses its manifest: \(error.path): \(error.message)")
        }
    }

    /// `text` for people: without the secrets of the configuration, harmless to a terminal, not too long.
    func shown(_ text: String) -> String { Quote.clipped(Quote.line(mask.apply(text))) }

    /// A key that no other message has.
    func newKey() -> String {
        messages += 1
        return "check-\(runName)-\(messages)"
    }

    // MARK: Sessions

    /// Lets the channel say hello where it has not done so yet.
    func requireManifest() throws(Verdict) {
        if manifestJSON == nil { close(try greeted()) }
    }

    /// A start of its own, that has said hello.
    func greeted(in folder: String? = nil) throws(Verdict) -> Session {
        closeShared()
        let session = try Session(options, folder: folder ?? self.folder)
        session.check = check
        let answer = try session.answer(
            to: session.ask("hello", ["protocol": 1]), within: options.limits.hello, "hello")
        guard let manifest = answer["manifest"], manifest.object != nil else {
            throw .failed("The answer to hello has no manifest: \(answer.text)")
        }
        // A quick channel has answered before its number is known here.
        _ = session.wait(options.limits.answer) { $0.child.process != nil }
        session.straysBeforeHello = session.record.strays.count
        if manifestJSON == nil {
            manifestJSON = manifest
            tally.beforeHello = session.record.strays
        }
        return session
    }

    /// A start of its own, that has taken its configuration.
    func configured(in folder: String? = nil) throws(Verdict) -> Session {
        let session = try greeted(in: folder)
        _ = try manifest()
        try configure(session)
        return session
    }

    /// The session that checks share, ready for messages.
    func ready() throws(Verdict) -> Session {
        if let shared {
            shared.check = check
            return shared
        }
        let session = try configured()
        shared = session
        return session
    }

    /// Gives `session` the configuration, which it has to take.
    func configure(_ session: Session) throws(Verdict) {
        let refusal = try session.configure(config(), within: options.limits.configure)
        guard let refusal else { return }
        guard options.config != nil else {
            throw .skipped("It takes no empty configuration: \(refusal) Give one by --config.")
        }
        throw .failed("It refused its configuration: \(refusal)")
    }

    /// The configuration with its references followed.
    func config() throws(Verdict) -> JSONObject {
        do throws(SecretReferences.Unresolved) {
            let resolved = try SecretReferences.resolve(options.config ?? [:])
            mask = SecretMask(resolved, schema: manifestJSON?["config"]?.object ?? [:])
            return resolved.config
        } catch {
            throw .skipped("The configuration cannot be read: \(error)")
        }
    }

    /// Ends `session` in order, and counts what it wrote.
    @discardableResult
    func close(_ session: Session) -> Session.End {
        let end = session.finish(within: options.limits.end)
        tally.add(session, remainder: end.remainder)
        return end
    }

    /// Ends the shared session in order.
    func closeShared() {
        guard let session = shared else { return }
        shared = nil
        close(session)
    }

    /// Kills the shared session: behind a failure nobody knows what it is up to.
    func abandonShared() {
        guard let session = shared else { return }
        shared = nil
        kill(session)
        tally.add(session)
    }

    /// Ends `session` as a power cut would.
    func kill(_ session: Session) { _ = session.end(bySignal: 9, within: .seconds(5)) }
}
