import JSONLines
import WorkflowModel
import WorkflowProtocol
import WorkflowStore
import ZeroMQ

/// Commands about the clients' keys.
///
/// Only public halves come here: the secret of a key never leaves its owner's machine.
enum KeyCommands {
    static let all: [any Command.Type] = [
        KeyCreate.self, KeyList.self, KeyUpdate.self, KeyDelete.self,
    ]
}

private struct KeyCreate: Command {
    static let op = "key.create"
    let name: String
    let role: Role
    let publicKey: CurveKey

    init(_ args: inout ObjectReader) throws(FieldError) {
        name = try args.identifier("name")
        role = try ObjectReader.choice(args.required("role"), at: args.path(of: "role"))
        publicKey = try ObjectReader.publicKey(
            args.required("public_key"), at: args.path(of: "public_key"))
    }

    func run(in context: CommandContext) throws -> CommandResult {
        guard try context.session.clientKey(name: name) == nil else {
            throw CommandError(
                .alreadyExists, "There is a key with this name.",
                hint: "Choose another name, or change that one with key.update.", path: "args.name")
        }
        try KeyRules.checkFree(publicKey, in: context)
        let key = ClientKey(
            name: name, publicKey: publicKey.text, role: role.rawValue, created: context.turn.now)
        try context.session.put(key)
        try context.turn.record(
            "key.created", ["name": .string(name), "role": .string(role.rawValue)])
        return .done(key.json)
    }
}

private struct KeyList: Command {
    static let op = "key.list"
    static let isWrite = false
    let page: PageRequest

    init(_ args: inout ObjectReader) throws(FieldError) {
        page = try PageRequest(&args, of: "keys")
    }

    func run(in context: CommandContext) throws -> CommandResult {
        let keys = try context.session.clientKeys(after: page.cursor ?? "", limit: page.limit + 1)
        let list = page.page("keys", keys, cursor: \.name) { .object($0.json) }
        guard case .done(var result) = list else { return list }
        result["server_key"] = context.identity.serverKey.map(JSON.string)
        return .done(result)
    }
}

private struct KeyUpdate: Command {
    static let op = "key.update"
    let name: String
    let role: Role?
    let publicKey: CurveKey?

    init(_ args: inout ObjectReader) throws(FieldError) {
        name = try args.requiredString("name")
        role = try args.value("role").map { json throws(FieldError) in
            try ObjectReader.choice(json, at: args.path(of: "role"))
        }
        publicKey = try args.value("public_key").map { json throws(FieldError) in
            try ObjectReader.publicKey(json, at: args.path(of: "public_key"))
        }
    }

    func run(in context: CommandContext) throws -> CommandResult {
        var key = try KeyRules.key(name, in: context)
        let before = key
        if let publicKey, publicKey.text != key.publicKey {
            try KeyRules.checkFree(publicKey, in: context)
            key.publicKey = publicKey.text
        }
        key.role = role?.rawValue ?? key.role
        guard key != before else { return .done(key.json) }
        try context.session.put(key)
        context.turn.changeKeys()
        try context.turn.record("key.updated", ["name": .string(name), "role": .string(key.role)])
        return .done(key.json)
    }
}

private struct KeyDelete: Command {
    static let op = "key.delete"
    let name: String

    init(_ args: inout ObjectReader) throws(FieldError) { name = try args.requiredString("name") }

    func run(in context: CommandContext) throws -> CommandResult {
        _ = try KeyRules.key(name, in: context)
        try context.session.deleteClientKey(name)
        context.turn.changeKeys()
        try context.turn.record("key.deleted", ["name": .string(name)])
        return .done(["deleted": true])
    }
}

/// What holds for every key.
private enum KeyRules {
    static func key(_ name: String, in context: CommandContext) throws -> ClientKey {
        guard let key = try context.session.clientKey(name: name) else {
            throw CommandError(
                .notFound, "There is no such key.", hint: "key.list names those there are.",
                path: "args.name")
        }
        return key
    }

    /// Refuses a public key that names somebody already: one key, one name, one role.
    static func checkFree(_ publicKey: CurveKey, in context: CommandContext) throws {
        guard publicKey.text != context.identity.serverKey else {
            throw CommandError(
                .invalidValue, "This is the public key of the service itself.",
                hint: "Send the client's; workflowctl keys new makes one.", path: "args.public_key")
        }
        if let owner = try context.session.clientKey(publicKey: publicKey.text) {
            throw CommandError(
                .alreadyExists, "This public key is registered as \"\(owner.name)\".",
                hint: "Make another with workflowctl keys new.", path: "args.public_key")
        }
    }
}

extension ClientKey {
    fileprivate var json: JSONObject {
        [
            "name": .string(name), "role": .string(role), "public_key": .string(publicKey),
            "created_at": .string(created.rfc3339),
        ]
    }
}

extension ObjectReader {
    fileprivate static func publicKey(_ json: JSON, at path: String) throws(FieldError) -> CurveKey
    {
        if let key = json.string.flatMap(CurveKey.init(z85:)) { return key }
        throw FieldError(
            .invalid, at: path, "It is no CURVE public key.",
            hint: "A key is 40 characters of Z85: what stands behind public-key in the key file.")
    }
}
