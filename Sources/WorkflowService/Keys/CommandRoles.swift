import WorkflowProtocol

extension CommandTable {
    /// The role that `op` needs; nil for an unknown one.
    ///
    /// A command that nobody gave a role is the administrator's.
    static func role(for op: String) -> Role? {
        guard byOp[op] != nil else { return nil }
        return roles[op] ?? .admin
    }

    /// The one table of what each role may do beyond the roles before it.
    static let opsByRole: [(role: Role, ops: [String])] = [
        (
            .reader,
            [
                "system.hello", "system.health", "system.metrics", "clock.get", "events.read",
                "settings.get", "channel.list",
                "workflow.get", "workflow.list", "workflow.versions", "workflow.stats",
                "workflow.preview", "step.get", "step.list", "template.get", "template.list",
                "enrollment.get", "enrollment.list", "execution.get", "execution.list",
                "contact.get", "contact.list", "record.get", "record.list",
            ]
        ),
        (
            .author,
            [
                "workflow.create", "workflow.update", "workflow.duplicate", "step.create",
                "step.update", "step.move", "step.delete", "template.create", "template.update",
                "template.restore", "template.delete",
            ]
        ),
        (
            .operator,
            [
                "workflow.activate", "workflow.pause", "workflow.halt", "workflow.delete",
                "enrollment.create", "enrollment.delete", "signal.send", "contact.put",
                "contact.delete", "record.put", "record.delete", "execution.resolve",
            ]
        ),
        (
            .admin,
            [
                "settings.put", "execution.purge", "clock.advance", "key.create", "key.list",
                "key.update", "key.delete", "system.log_level",
            ]
        ),
    ]

    private static let roles: [String: Role] = Dictionary(
        uniqueKeysWithValues: opsByRole.flatMap { entry in entry.ops.map { ($0, entry.role) } })
}
