import CZeroMQ

/// A descriptor that any thread can make readable, to end another thread's ``poll(_:timeout:)``.
///
/// Signals are not counted: many before a ``clear()`` are one.
public final class WakeUp: Sendable {
    /// What to poll, for reading.
    public let descriptor: Int32

    /// A wake-up that is not signalled.
    /// - Throws: ``ZeroMQError/tooManyOpen``.
    public init() throws(ZeroMQError) {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard descriptor >= 0 else { throw .last("eventfd") }
    }

    deinit { close(descriptor) }

    /// Makes the descriptor readable, and keeps it so until it is cleared.
    ///
    /// Callable from any thread, and from a signal handler.
    public func signal() {
        // It fails only when the counter is full, and then the descriptor is readable already.
        _ = eventfd_write(descriptor, 1)
    }

    /// Makes the descriptor unreadable until the next signal.
    ///
    /// Call it before looking at what the signal stands for, or a signal in between is lost.
    public func clear() {
        var count: eventfd_t = 0
        _ = eventfd_read(descriptor, &count)
    }
}
