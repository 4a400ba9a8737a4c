import Glibc

/// The pause between two looks at children that were asked to end.
enum StopPause {
    static func wait() { _ = poll(nil, 0, 2) }
}
