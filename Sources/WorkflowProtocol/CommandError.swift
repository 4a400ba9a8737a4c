public import JSONLines

/// Why a command was refused, and how to mend it.
public struct CommandError: Error, Hashable, Sendable {
    /// The stable code.
    public let code: ErrorCode
    /// One sentence without personal data.
    public let message: String
    /// How to mend it, where that is known.
    public var hint: String?
    /// Where in the command: `args.steps[2].for.days`.
    public var path: String?
    /// Facts for programs, such as the current revision.
    public var details: JSONObject
    /// When a client may send the same command again.
    public let retry: ErrorCode.Retry

    /// A refusal with `code`; `retry` where it is another than that of most refusals with this code.
    public init(
        _ code: ErrorCode, _ message: String, hint: String? = nil, path: String? = nil,
        details: JSONObject = [:], retry: ErrorCode.Retry? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.path = path
        self.details = details
        self.retry = retry ?? code.retry
    }

    /// A refusal because of a field.
    public init(_ error: FieldError) {
        let code: ErrorCode =
            switch error.kind {
            case .missing: .missingField
            case .unknown: .unknownField
            case .invalid: .invalidValue
            }
        self.init(code, error.message, hint: error.hint, path: error.path)
    }

    /// The error as a member of a reply.
    public var json: JSON {
        var object: JSONObject = ["code": .string(code.rawValue), "message": .string(message)]
        object["hint"] = hint.map(JSON.string)
        object["path"] = path.map(JSON.string)
        object["retry"] = .string(retry.rawValue)
        if !details.isEmpty { object["details"] = .object(details) }
        return .object(object)
    }
}
