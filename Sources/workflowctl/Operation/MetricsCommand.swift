import ArgumentParser
import CommandLineProgram
import Foundation
import Glibc
import HTTPListener
import JSONLines
import WorkflowClient

/// Metrics for collectors: printed once, or served.
struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Print metrics in Prometheus's text format, or serve them to scrapers.",
        discussion: """
            Once, for node_exporter's textfile collector: workflowctl metrics > FILE.tmp && mv FILE.tmp \
            FILE.prom. For scrapers: workflowctl metrics --listen 127.0.0.1:9464, then /metrics. It listens \
            on this machine alone: for a Prometheus elsewhere run it there, with --connect and --key.
            """)

    @OptionGroup var connection: ConnectionOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Serve /metrics at this loopback address; port 0 takes a free one.",
            valueName: "address"))
    var listen: String?

    func run() throws {
        try Reporting.run {
            guard let listen else {
                let page = try connection.client().call("system.metrics")
                return Terminal.output.write(page["metrics"]?.string ?? "")
            }
            guard let address = LoopbackAddress(listen) else {
                throw ValidationError(
                    "--listen \(listen): give a loopback address and a port, such as 127.0.0.1:9464."
                )
            }
            try serve(connection, at: address)
        }
    }
}

/// Serves until SIGTERM or SIGINT.
private func serve(_ connection: ConnectionOptions, at address: LoopbackAddress) throws {
    let end = EndSignals()
    // What is wrong with the options is told now and not to the first scraper.
    let keys = try connection.keys.clientKeys()
    let (endpoint, timeout) = (connection.connect, Duration.seconds(connection.timeout))
    _ = try CommandClient(endpoint: endpoint, timeout: timeout, connecting: .zero, keys: keys)
    let listener: HTTPListener
    do {
        listener = try HTTPListener(at: address, limits: .scrapers, threads: .onePerConnection) {
            answer($0, endpoint, timeout, keys)
        }
    } catch {
        throw Reporting.failure("\(address) cannot be listened at: \(error.reason).", 69)
    }
    Terminal.output.print("workflowctl: http://\(address.host):\(listener.port)/metrics")
    end.wait()
    // A scraper that waits for the service is not waited for.
    _exit(0)
}

/// Each request has a client of its own: scrapers come every few seconds, and a client belongs to the
/// thread that made it.
@Sendable private func answer(
    _ request: IncomingRequest, _ endpoint: String, _ timeout: Duration, _ keys: ClientKeys?
) -> OutgoingResponse {
    let text = "text/plain; charset=utf-8"
    guard request.path == "/metrics" else {
        return OutgoingResponse(404, contentType: text, body: "Metrics are at /metrics.\n")
    }
    guard request.method == "GET" else {
        return OutgoingResponse(405, contentType: text, headers: ["Allow": "GET"])
    }
    do {
        let client = try CommandClient(
            endpoint: endpoint, timeout: timeout, connecting: .seconds(1), keys: keys)
        client.isWanted = request.isAwaited
        let result = try client.call("system.metrics")
        return OutgoingResponse(
            200, contentType: result["content_type"]?.string ?? text,
            headers: ["Cache-Control": "no-store"], body: result["metrics"]?.string ?? "")
    } catch {
        // Prometheus counts this as a target that is down, which it is.
        return OutgoingResponse(503, contentType: text, body: "\(error.message)\n")
    }
}

extension HTTPListener.Limits {
    /// A few scrapers, each of which waits for the service.
    fileprivate static var scrapers: Self {
        var limits = Self()
        limits.connections = 8
        return limits
    }
}
