import ChannelKit
import Glibc

/// Keeps two processes from one journal; let go when the process ends, however it ends.
final class JournalLock: Sendable {
    private let descriptor: Int32

    init(path: String, patience: Duration) throws(ConfigurationError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw ConfigurationError(
                "The journal cannot be made here: \(String(cString: strerror(errno))).")
        }
        let limit = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard ContinuousClock.now < limit else {
                close(descriptor)
                throw ConfigurationError(
                    "Another process of this channel still holds the journal; end it.")
            }
            usleep(20_000)
        }
    }

    deinit { close(descriptor) }
}
