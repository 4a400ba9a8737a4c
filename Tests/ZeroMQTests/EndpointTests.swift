import Foundation
import Testing
import ZeroMQ

@Suite struct EndpointTests {
    @Test("A free port is chosen and told")
    func freePort() throws {
        let wire = try Wire()
        let port = try #require(Int(wire.endpoint.split(separator: ":")[2]))
        #expect(wire.endpoint.hasPrefix("tcp://127.0.0.1:"))
        #expect((1024...65_535).contains(port))
        #expect(try Socket(wire.context, .router).lastEndpoint == "")
    }

    @Test("A taken port is refused with its reason")
    func takenPort() throws {
        let wire = try Wire()
        let second = try Socket(wire.context, .router)
        let error = #expect(throws: ZeroMQError.self) { try second.bind(wire.endpoint) }
        #expect(error?.addressInUse == true)
        #expect(error?.description == "bind \(wire.endpoint): Address already in use")
    }

    @Test("A port is free again after unbind")
    func unbind() throws {
        let wire = try Wire()
        try wire.router.unbind(wire.endpoint)
        let second = try Socket(wire.context, .router)
        let isFree = eventually {
            // The I/O thread closes the listener a moment later.
            (try? second.bind(wire.endpoint)) != nil
        }
        #expect(isFree)
        let error = #expect(throws: ZeroMQError.self) { try wire.router.unbind(wire.endpoint) }
        #expect(error?.noSuchPath == true)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let isExpected: @Sendable (ZeroMQError) -> Bool

        init(_ endpoint: String, _ isExpected: @escaping @Sendable (ZeroMQError) -> Bool) {
            testDescription = endpoint
            self.isExpected = isExpected
        }
    }

    static let refusals = [
        Refusal("nonsense") { $0.invalidArgument },
        Refusal("tcp://") { $0.invalidArgument },
        Refusal("tcp://127.0.0.1:port") { $0.invalidArgument },
        Refusal("carrier-pigeon://coop") { $0.invalidArgument },
        Refusal("tcp://192.0.2.1:7400") { $0.addressNotAvailable },
        Refusal("ipc:///no/such/folder/socket") { $0.noSuchPath },
    ]

    @Test("A wrong endpoint is refused with its reason", arguments: refusals)
    func wrongEndpoint(_ refusal: Refusal) throws {
        let socket = try Socket(Context(), .router)
        let error = #expect(throws: ZeroMQError.self) { try socket.bind(refusal.testDescription) }
        #expect(error.map(refusal.isExpected) == true, "\(error?.description ?? "no error")")
    }

    @Test("An ipc path serves as well as a port")
    func ipc() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let wire = try Wire(at: "ipc://\(folder.path)/commands")
        let request = try wire.peer(.request)
        try request.send([bytes("{}")])
        try wire.answerOne()
        #expect(try request.receive() == [bytes("1:{}")])
    }

    @Test("A closed socket refuses all work, and closing again is nothing")
    func closed() throws {
        let socket = try Socket(Context(), .router)
        socket.close()
        socket.close()
        #expect(throws: ZeroMQError.self) { try socket.bind("tcp://127.0.0.1:*") }
        #expect(throws: ZeroMQError.self) { try socket.receive() }
        #expect(throws: ZeroMQError.self) { try socket.send([[]]) }
        #expect(socket.lastEndpoint == "")
    }

    @Test("An option that does not suit the socket is refused")
    func wrongOption() throws {
        let socket = try Socket(Context(), .dealer)
        let error = #expect(throws: ZeroMQError.self) { try socket.set(.subscribe(prefix: "a")) }
        #expect(error?.invalidArgument == true)
        #expect(throws: ZeroMQError.self) { try socket.set(.sendHighWaterMark(-1)) }
    }

    @Test("A peer that says nothing is cut when the handshake's time is over")
    func silentPeer() throws {
        let wire = try Wire(.handshakeInterval(.milliseconds(200)))
        let port = try #require(UInt16(wire.endpoint.split(separator: ":")[2]))
        let descriptor = try #require(connectPlainly(to: port))
        defer { close(descriptor) }
        var items = [PollItem(.descriptor(descriptor), .readable)]
        var buffer = [UInt8](repeating: 0, count: 256)
        var received = -1
        let isCut = try eventually {
            guard try poll(&items, timeout: .seconds(1)) > 0 else { return false }
            received = read(descriptor, &buffer, buffer.count)
            return received <= 0
        }
        #expect(isCut)
        #expect(received == 0)
    }

    private func connectPlainly(to port: UInt16) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return result == 0 ? descriptor : nil
    }
}
