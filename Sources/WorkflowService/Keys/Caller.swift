/// Who sent a message.
public enum Caller: Hashable, Sendable {
    /// Somebody on this machine, over an endpoint that asks for no key: the administrator.
    case local
    /// The owner of a key, by its public half in Z85, as the handshake proved it.
    case key(String)
}
