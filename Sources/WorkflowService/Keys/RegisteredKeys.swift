import WorkflowProtocol
public import WorkflowStore

extension WorkflowService {
    /// Whether the key whose public half is `publicKey` is registered.
    /// - Throws: ``StoreError``.
    public func isRegistered(_ publicKey: String) throws(StoreError) -> Bool {
        try store.reading { try $0.clientKey(publicKey: publicKey) != nil }
    }

    /// Whether some key has the role `admin`.
    /// - Throws: ``StoreError``.
    public func hasAdministratorKey() throws(StoreError) -> Bool {
        try store.reading { try $0.hasClientKey(role: Role.admin.rawValue) }
    }
}
