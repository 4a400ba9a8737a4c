import Logging
import ServiceManager

/// The daemon under a service manager, if there is one: it learns when the service is ready, whether it
/// lives, and when it ends.
struct Supervision {
    private let manager: ServiceManager?
    private var pace: WatchdogPace?

    /// How long opening the database may take: a migration may rewrite all of it.
    private static let opening = Duration.seconds(600)
    /// How long the end may take: channels are waited for, and the log is moved into the database.
    private static let ending = Duration.seconds(60)

    init(_ manager: ServiceManager?) {
        self.manager = manager
        pace = manager?.watchdog.map(WatchdogPace.init)
    }

    func opens() {
        manager?.tell(.extend(Self.opening), .status("Opens the database"))
    }

    func isReady(_ endpoints: Daemon.Endpoints, _ log: Logger) {
        guard let manager else { return }
        let place = endpoints.commands.joined(separator: " ")
        if !manager.tell(.ready, .status("Takes commands at \(place)")) {
            log.error("The service manager cannot be told that the service is ready")
        }
    }

    /// How long the loop may rest at `now`.
    func pause(at now: Duration) -> Duration { pace?.pause(at: now) ?? .seconds(60) }

    /// The loop has gone round once more, at `now`.
    mutating func turned(at now: Duration) {
        if pace?.isDue(at: now) == true { manager?.tell(.watchdog) }
    }

    func ends() {
        manager?.tell(.stopping, .extend(Self.ending), .status("Waits for its channels to end"))
    }
}
