import Foundation
import ServiceManager
import Testing

/// A manager's socket that a test listens at.
private final class ManagerSocket {
    let descriptor: Int32
    let name: String

    /// A socket by path, or by an abstract name.
    init(abstract: Bool) {
        name = abstract ? "@workflows-\(UUID())" : "/tmp/workflows-\(UUID())"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if abstract { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(2 + bytes.count)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        precondition(bound == 0)
    }

    deinit {
        close(descriptor)
        unlink(name)
    }

    /// The next datagram; nil where none is there.
    func datagram() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }
}

/// The protocol of `sd_notify(3)`.
struct ServiceManagerTests {
    @Test(arguments: [false, true]) func noticesArriveAsOneDatagram(abstract: Bool) throws {
        let socket = ManagerSocket(abstract: abstract)
        let manager = try #require(
            ServiceManager(environment: ["NOTIFY_SOCKET": socket.name], process: 1))
        #expect(manager.watchdog == nil)
        #expect(manager.tell(.ready, .status("Two\nlines")))
        #expect(socket.datagram() == "READY=1\nSTATUS=Two lines")
        #expect(manager.tell(.stopping, .extend(.seconds(60))))
        #expect(socket.datagram() == "STOPPING=1\nEXTEND_TIMEOUT_USEC=60000000")
        #expect(manager.tell(.watchdog))
        #expect(socket.datagram() == "WATCHDOG=1")
        #expect(socket.datagram() == nil)
    }

    @Test(arguments: [
        "", "/", "@", "relative/path", "vsock:2:1234", "/" + String(repeating: "x", count: 107),
    ])
    func whatIsNoSocketIsNoManager(name: String) {
        #expect(ServiceManager(environment: ["NOTIFY_SOCKET": name], process: 1) == nil)
        #expect(ServiceManager(environment: [:], process: 1) == nil)
    }

    @Test func aManagerThatIsGoneIsNoError() throws {
        let manager = try #require(
            ServiceManager(environment: ["NOTIFY_SOCKET": "/nowhere/notify"], process: 1))
        #expect(!manager.tell(.ready))
    }

    @Test(
        arguments: [
            (["WATCHDOG_USEC": "30000000"], Duration.seconds(30)),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "77"], .seconds(30)),
            (["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "78"], nil),
            (["WATCHDOG_USEC": "0"], nil),
            (["WATCHDOG_USEC": "soon"], nil), ([:], nil),
        ] as [([String: String], Duration?)])
    func theWatchdogIsOursOrNone(environment: [String: String], limit: Duration?) throws {
        let names = environment.merging(["NOTIFY_SOCKET": "/run/notify"]) { $1 }
        #expect(ServiceManager(environment: names, process: 77)?.watchdog == limit)
    }

    @Test func aSignOfLifeIsDueAtHalfOfTheLimit() {
        var pace = WatchdogPace(limit: .seconds(10))
        let due = [100, 101, 104, 105, 109].map { pace.isDue(at: .seconds($0)) }
        #expect(due == [true, false, false, true, false])
        #expect(pace.pause(at: .seconds(109)) == .seconds(1))
        #expect(pace.pause(at: .seconds(130)) == .zero)
    }
}
