import Glibc

/// The service manager that started the process, such as systemd, told how the service is doing by the
/// protocol of `sd_notify(3)`: datagrams to the socket that it names in the environment.
public final class ServiceManager {
    /// What it is told.
    public enum Notice: Hashable, Sendable {
        /// The service has started, and takes commands.
        case ready
        /// One line for people.
        case status(String)
        /// The service is alive.
        case watchdog
        /// The service has begun to end.
        case stopping
        /// Starting or ending may take this long from now on.
        case extend(Duration)
    }

    private let address: NoticeAddress
    private let descriptor: Int32
    /// Within which time the service has to show that it is alive; nil where nobody waits for it.
    public let watchdog: Duration?

    /// How long a notice may wait for a manager that is slow to read.
    private static let patience = timeval(tv_sec: 1, tv_usec: 0)

    /// The manager that `environment` names, which is that of the process number `process`; nil where it
    /// names none.
    public init?(environment: [String: String], process: Int32) {
        guard let address = environment["NOTIFY_SOCKET"].flatMap(NoticeAddress.init) else {
            return nil
        }
        self.address = address
        watchdog = Self.watchdog(environment, process: process)
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return nil }
        var patience = Self.patience
        setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// The time that `WATCHDOG_USEC` gives the process, unless `WATCHDOG_PID` says that it is meant for
    /// another.
    private static func watchdog(_ environment: [String: String], process: Int32) -> Duration? {
        guard let time = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), time > 0 else {
            return nil
        }
        if let meant = environment["WATCHDOG_PID"], meant != String(process) { return nil }
        return .microseconds(time)
    }

    /// Sends `notices` as one datagram.
    /// - Returns: whether the manager got it.
    @discardableResult
    public func tell(_ notices: Notice...) -> Bool {
        let text = Array(notices.map(\.line).joined(separator: "\n").utf8)
        return address.withSocketAddress { address, length in
            sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL), address, length)
                == text.count
        }
    }
}

extension ServiceManager.Notice {
    /// The assignment of `sd_notify(3)`.
    public var line: String {
        switch self {
        case .ready: "READY=1"
        case .status(let text):
            "STATUS=\(text.split(whereSeparator: \.isNewline).joined(separator: " "))"
        case .watchdog: "WATCHDOG=1"
        case .stopping: "STOPPING=1"
        case .extend(let time): "EXTEND_TIMEOUT_USEC=\(time.wholeMicroseconds)"
        }
    }
}

extension Duration {
    fileprivate var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
