import CZeroMQ
import Synchronization

/// Counts the bytes of messages that were handed to libzmq and have not left it yet.
///
/// libzmq bounds what waits for a slow peer by the number of messages only; this tells how much memory
/// they hold. Messages of a peer that is cut leave too.
public final class QueuedBytes: Sendable {
    private let sum = Atomic(0)

    /// A count of nothing.
    public init() {}

    /// Bytes that are still in libzmq, with some for the bookkeeping of each message.
    public var count: Int { sum.load(ordering: .relaxed) }

    /// What libzmq and the allocator take for each message besides its bytes, roughly.
    private static let overhead = 256

    fileprivate func add(_ bytes: Int) { sum.add(bytes + Self.overhead, ordering: .relaxed) }
    fileprivate func remove(_ bytes: Int) {
        sum.subtract(bytes + Self.overhead, ordering: .relaxed)
    }

    /// Makes `message` one of `bytes`, which are counted until libzmq is done with them.
    func fill(_ message: UnsafeMutablePointer<zmq_msg_t>, with bytes: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        copy.copyBytes(from: bytes)
        add(bytes.count)
        let parcel = Unmanaged.passRetained(Parcel(queue: self, bytes: copy))
        // Called on libzmq's own thread, or on this one where the message cannot be sent.
        zmq_msg_init_data(
            message, copy.baseAddress, copy.count,
            { _, hint in
                guard let hint else { return }
                Unmanaged<Parcel>.fromOpaque(hint).takeRetainedValue().release()
            }, parcel.toOpaque())
    }
}

/// The bytes of one message, and where they are counted.
private final class Parcel: @unchecked Sendable {
    private let queue: QueuedBytes
    private let bytes: UnsafeMutableRawBufferPointer

    init(queue: QueuedBytes, bytes: UnsafeMutableRawBufferPointer) {
        self.queue = queue
        self.bytes = bytes
    }

    func release() {
        queue.remove(bytes.count)
        bytes.deallocate()
    }
}
