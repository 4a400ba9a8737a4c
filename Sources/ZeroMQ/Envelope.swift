/// The two parts of a message that a router received: the way back to its peer, and what it says.
///
/// The way back is the peer's name and all frames up to the first empty one, the delimiter. A request
/// socket always writes the delimiter, with a number before it where it correlates; it is broken for
/// good by a reply that does not return them all. A dealer may omit it: then the way back is the name
/// alone.
public struct Envelope: Hashable, Sendable {
    /// The frames that every reply begins with.
    public let address: [[UInt8]]
    /// The frames after it; none when the peer sent nothing but an address.
    public let body: [[UInt8]]

    /// Takes apart `frames`, a whole message as a router receives it.
    public init(_ frames: [[UInt8]]) {
        precondition(!frames.isEmpty, "a router's message begins with its peer's name")
        let delimiter = frames.dropFirst().firstIndex { $0.isEmpty }
        let count = (delimiter ?? 0) + 1
        address = Array(frames[..<count])
        body = Array(frames[count...])
    }

    /// The frames that take `body` back to the peer as its one reply.
    public func reply(_ body: [UInt8]) -> [[UInt8]] { address + [body] }
}
