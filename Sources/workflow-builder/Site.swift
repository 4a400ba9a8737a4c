import HTTPListener
import Synchronization

/// Answers each request: the files of the page, and commands, which it passes on to the service.
final class Site: Sendable {
    /// The listener's limits in a process that may open `descriptors` files.
    static func limits(descriptors: Int) -> HTTPListener.Limits {
        var limits = HTTPListener.Limits()
        // A connection and the client that passes its command on take up to five descriptors.
        limits.connections = min(256, max(8, (descriptors - 64) / 6))
        limits.body = 1 << 20
        limits.silence = .seconds(75)
        return limits
    }

    /// How many of `connections` may wait for events: the others are kept for what is quick.
    static func waiting(of connections: Int) -> Int { connections * 3 / 4 }

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
        switch commands.exchange(request.body, while: request.isAwaited) {
        case .reply(let reply):
            return OutgoingResponse(
                200, contentType: "application/json", headers: ["Cache-Control": "no-store"],
                bytes: reply)
        case .unanswered:
            return .refusal(
                503, code: "unreachable", "The workflow service does not answer.",
                hint: "Is workflowd running, and is --connect its command endpoint?")
        case .tooManyWait:
            return .refusal(
                503, code: "busy", "Too many pages wait for news at this moment.",
                hint: "Close some of them; this one asks again by itself.",
                headers: ["Retry-After": "5"])
        }
    }
}
