import Glibc

/// The wait between two looks at children that were asked to end.
enum StopPause {
    /// Waits for what `descriptors` have, 2 ms at most: the end of a child shows on none of them.
    static func wait(for descriptors: [(descriptor: Int32, wantsWrite: Bool)]) {
        var items = descriptors.map {
            pollfd(fd: $0.descriptor, events: Int16($0.wantsWrite ? POLLOUT : POLLIN), revents: 0)
        }
        _ = poll(&items, nfds_t(items.count), 2)
    }
}
