import ArgumentParser
import CommandLineProgram
import Foundation
import Glibc
import HTTPListener
import WorkflowClient
import WorkflowProtocol

/// `workflow-builder`: serves the web page of the workflow service on this machine.
@main
struct WorkflowBuilder: CommandLineProgram {
    static let configuration = CommandConfiguration(
        commandName: "workflow-builder",
        abstract: "Serves the page on which office staff build and watch workflows.",
        discussion: "Open the printed address in a browser. See proto-docs/builder.md.",
        version: ServiceVersion.text)

    @Option(
        name: .long, help: "Where the page is served: a loopback address; port 0 takes a free one.")
    var listen = "127.0.0.1:7480"

    @Option(name: .long, help: "Where workflowd takes commands.")
    var connect = "tcp://127.0.0.1:7411"

    func run() throws {
        do throws(StartError) {
            try serve(listen: listen, connect: connect)
        } catch {
            try? StandardStream.errors.write("workflow-builder: \(error.message)\n")
            throw ExitCode(error.exitCode)
        }
    }
}

/// Serves until SIGTERM or SIGINT ends the process.
///
/// It stands outside of `main`, whose code belongs to the main actor.
private func serve(listen: String, connect: String) throws(StartError) {
    // Whoever reads the printed address may send a signal at once.
    let end = EndSignals()
    guard let address = LoopbackAddress(listen) else { throw .address(listen) }
    do {
        _ = try CommandClient(endpoint: connect, timeout: .zero, connecting: .zero)
    } catch {
        throw .endpoint(error.message)
    }
    let limits = Site.limits(descriptors: raisedDescriptorLimit())
    let commands = CommandWorkers(
        endpoint: connect, waiting: Site.waiting(of: limits.connections))
    let site = Site(address: address, files: try PageFiles(), commands: commands)
    let listener: HTTPListener
    do {
        listener = try HTTPListener(
            at: address, limits: limits, threads: .onePerConnection,
            headers: SecurityHeaders.all, handler: site.answer)
    } catch {
        throw .taken(listen, reason: error.reason)
    }
    site.open(port: listener.port)
    ProgramOutput.print("workflow-builder: http://\(address.host):\(listener.port)/")
    end.wait()
    // Nothing is kept here, and a browser that waits for events is not waited for.
    _exit(0)
}

/// Allows as many open descriptors as the system lets, and tells how many these are.
private func raisedDescriptorLimit() -> Int {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return 1_024 }
    limit.rlim_cur = limit.rlim_max
    setrlimit(resource, &limit)
    getrlimit(resource, &limit)
    return Int(clamping: min(limit.rlim_cur, 1 << 30))
}
