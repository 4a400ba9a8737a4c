import CZeroMQ
import Synchronization

/// A libzmq context: the I/O thread that serves all sockets made in it.
///
/// One context a process is enough. It may be shared between threads; sockets may not.
public final class Context: Sendable {
    // libzmq documents contexts as thread safe; the pointer itself never changes.
    nonisolated(unsafe) private let pointer: UnsafeMutableRawPointer
    private let isTerminated = Atomic(false)

    /// A context with `ioThreads` threads that move bytes; one serves about a gigabyte a second.
    public init(ioThreads: Int = 1) {
        precondition(ioThreads > 0)
        guard let pointer = zmq_ctx_new() else { fatalError("out of memory for a ZeroMQ context") }
        zmq_ctx_set(pointer, ZMQ_IO_THREADS, Int32(clamping: ioThreads))
        self.pointer = pointer
    }

    deinit { terminate() }

    /// Ends the context; on return its threads are gone.
    ///
    /// Waits until every socket of the context is closed and its ``SocketOption/linger(_:)`` is over.
    /// Meanwhile the operations of sockets still open on other threads throw
    /// ``ZeroMQError/terminated``. A second call does nothing.
    public func terminate() {
        guard !isTerminated.exchange(true, ordering: .acquiringAndReleasing) else { return }
        while zmq_ctx_term(pointer) != 0, zmq_errno() == EINTR {}
    }

    func makeSocket(_ type: Int32) throws(ZeroMQError) -> UnsafeMutableRawPointer {
        precondition(!isTerminated.load(ordering: .acquiring), "a socket in a terminated context")
        guard let socket = zmq_socket(pointer, type) else { throw .last("socket") }
        return socket
    }
}
