import CZeroMQ

/// One thing that ``poll(_:timeout:)`` waits for.
public struct PollItem {
    /// What can become ready.
    public enum Source {
        case socket(Socket)
        case descriptor(Int32)
    }

    /// Ways of being ready.
    public struct Interest: OptionSet, Hashable, Sendable {
        /// The bits, as libzmq numbers them.
        public let rawValue: Int16

        /// The interest of these bits.
        public init(rawValue: Int16) { self.rawValue = rawValue }

        /// Something can be read, or a descriptor is at its end.
        public static let readable = Interest(rawValue: Int16(ZMQ_POLLIN))
        /// Something can be written.
        public static let writable = Interest(rawValue: Int16(ZMQ_POLLOUT))
        /// The descriptor is broken, or its other end is gone; sockets never fail.
        public static let failed = Interest(rawValue: Int16(ZMQ_POLLERR))
    }

    /// What to watch.
    public var source: Source
    /// What to wait for.
    public var interest: Interest
    /// What the last poll found.
    ///
    /// A socket that was readable may turn out to have no message: receive without waiting.
    public internal(set) var ready: Interest = []

    /// An item that waits until `source` is ready in one way of `interest`.
    public init(_ source: Source, _ interest: Interest) {
        self.source = source
        self.interest = interest
    }

    fileprivate var native: zmq_pollitem_t {
        switch source {
        case .socket(let socket):
            precondition(socket.pointer != nil, "a closed socket in a poll")
            return zmq_pollitem_t(
                socket: socket.pointer, fd: 0, events: interest.rawValue, revents: 0)
        case .descriptor(let descriptor):
            return zmq_pollitem_t(
                socket: nil, fd: descriptor, events: interest.rawValue, revents: 0)
        }
    }
}

/// Waits until one of `items` is ready, and notes in each what it is ready for.
///
/// - Parameter timeout: how long to wait at most, in steps of a millisecond, rounded up; nil waits for
///   ever, and then there must be an item.
/// - Returns: how many are ready; 0 after the timeout, and when a signal's handler ran.
/// - Throws: ``ZeroMQError``; ``ZeroMQError/terminated`` when the context is being terminated.
public func poll(_ items: inout [PollItem], timeout: Duration?) throws(ZeroMQError) -> Int {
    precondition(timeout != nil || !items.isEmpty, "a poll of nothing would never end")
    let milliseconds = timeout.map { Int($0.milliseconds) } ?? -1
    let count = withUnsafeTemporaryAllocation(of: zmq_pollitem_t.self, capacity: items.count) {
        natives in
        for index in items.indices { natives.initializeElement(at: index, to: items[index].native) }
        let count = zmq_poll(natives.baseAddress, Int32(natives.count), milliseconds)
        for index in items.indices {
            let events = count > 0 ? natives[index].revents : 0
            items[index].ready = PollItem.Interest(rawValue: events)
        }
        return count
    }
    guard count < 0 else { return Int(count) }
    let error = ZeroMQError.last("poll")
    guard error.code == EINTR else { throw error }
    return 0
}
