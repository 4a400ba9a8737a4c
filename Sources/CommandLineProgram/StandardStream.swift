import Glibc

/// One of the two outputs of a program.
public enum StandardStream: Int32, Sendable {
    case output = 1
    case errors = 2

    /// Why something could not be written.
    public struct Failure: Error, Hashable, Sendable {
        /// The system's number, such as ENOSPC.
        public let number: Int32

        /// Whether whoever read the output has gone, as `head` does when it has seen enough.
        public var readerHasGone: Bool { number == EPIPE }

        /// The system's words.
        public var reason: String { String(cString: strerror(number)) }
    }

    /// Writes all of `text` at once.
    ///
    /// `FileHandle` would end the program with a trap where nobody reads, `print` would say nothing of a
    /// full disk.
    public func write(_ text: String) throws(Failure) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest.removeFirst(count)
            } else if errno == EAGAIN {
                var item = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
                poll(&item, 1, -1)
            } else if errno != EINTR {
                throw Failure(number: errno)
            }
        }
    }

    /// Opens `/dev/null` in the place of each of the three standard descriptors that is closed.
    ///
    /// The next file that the program opens would get its number, and the program's words. What is written
    /// to an output that was closed still fails. To be called before anything is opened.
    public static func reserveDescriptors() {
        for number in 0...2 where fcntl(Int32(number), F_GETFD) < 0 {
            // The lowest number that is free is this one. The outputs can be read only, and so fail.
            _ = open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY)
        }
    }
}
