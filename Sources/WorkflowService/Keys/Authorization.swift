import JSONLines
import WorkflowProtocol
import WorkflowStore

/// Decides for each line whether its sender may do what it asks, by the keys as they are now.
///
/// libzmq checks a key only when its connection is made: a key that is revoked, or gets another role,
/// goes on living on that connection, and is stopped here.
struct Authorization {
    let session: StoreSession

    /// Name and role of `caller`.
    /// - Throws: ``CommandError`` with `forbidden` where its key is not registered any more.
    func identity(of caller: Caller) throws -> (name: String?, role: Role) {
        guard case .key(let publicKey) = caller else { return (nil, .admin) }
        guard let key = try session.clientKey(publicKey: publicKey),
            let role = Role(rawValue: key.role)
        else {
            throw CommandError(
                .forbidden, "This key is not registered here any more.",
                hint: "An administrator registers a key with workflowctl keys add.")
        }
        return (key.name, role)
    }

    /// Checks that `caller` may use `op`; an unknown one is nobody's business but the parser's.
    /// - Throws: ``CommandError`` with `forbidden`.
    func check(_ caller: Caller, may op: String) throws {
        guard caller != .local else { return }
        let role = try identity(of: caller).role
        guard let needed = CommandTable.role(for: op), role < needed else { return }
        throw CommandError(
            .forbidden, "This key may not do this.",
            hint:
                "\(op) needs the role \(needed.rawValue); this key has the role \(role.rawValue).",
            details: ["needs": .string(needed.rawValue), "role": .string(role.rawValue)])
    }

    /// The reply to `request` where `caller` may not send it, else nil.
    func refusal(of request: Request, from caller: Caller) throws -> Reply? {
        do {
            try check(caller, may: request.op)
            return nil
        } catch let error as CommandError {
            return Reply(id: request.id, .failure(error), op: request.op)
        }
    }
}
