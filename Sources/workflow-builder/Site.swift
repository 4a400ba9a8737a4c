import HTTPListener
import Synchronization

/// Answers each request: the files of the page, and commands, which it passes on to the service.
final class Site: Sendable {
    /// More than the service's own longest wait, so that no browser is cut off while it waits.
    static let limits = {
        var limits = HTTPListener.Limits()
        limits.body = 1 << 20
        limits.silence = .seconds(75)
        return limits
    }()

    private let address: LoopbackAddress
    private let files: PageFiles
    private let commands: CommandWorkers
    private let gate = Mutex<OriginCheck?>(nil)

    /// A site that refuses everything until ``open(port:)``.
    init(address: LoopbackAddress, files: PageFiles, commands: CommandWorkers) {
        self.address = address
        self.files = files
        self.commands = commands
    }

    /// Lets in who names this machine and `port`.
    func open(port: Int) {
        gate.withLock { $0 = OriginCheck(host: address.host, port: port) }
    }

    /// The response to `request`; it may wait for the service.
    @Sendable func answer(_ request: IncomingRequest) -> OutgoingResponse {
        guard let check = gate.withLock({ $0 }) else { return OutgoingResponse(503) }
        if let refusal = check.refusal(of: request) { return refusal }
        return request.path == "/commands"
            ? command(request, check) : files.answer(request)
    }

    private func command(_ request: IncomingRequest, _ check: OriginCheck) -> OutgoingResponse {
        if let refusal = check.refusal(ofCommand: request) { return refusal }
        guard let reply = commands.exchange(request.body) else {
            return .refusal(
                503, code: "unreachable", "The workflow service does not answer.",
                hint: "Is workflowd running, and is --connect its command endpoint?")
        }
        return OutgoingResponse(
            200, contentType: "application/json", headers: ["Cache-Control": "no-store"],
            bytes: reply)
    }
}
