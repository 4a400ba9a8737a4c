/// The stable codes of refused commands; `proto-docs/errors.md` has the meaning, cause and cure of each.
public enum ErrorCode: String, CaseIterable, Hashable, Sendable {
    case invalidJSON = "invalid_json"
    case invalidRequest = "invalid_request"
    case tooLarge = "too_large"
    case unsupportedVersion = "unsupported_version"
    case unknownOp = "unknown_op"
    case forbidden
    case unknownField = "unknown_field"
    case missingField = "missing_field"
    case invalidValue = "invalid_value"
    case notFound = "not_found"
    case alreadyExists = "already_exists"
    case revMismatch = "rev_mismatch"
    case keyMismatch = "key_mismatch"
    case inUse = "in_use"
    case workflowNotActive = "workflow_not_active"
    case workflowPaused = "workflow_paused"
    case workflowHalted = "workflow_halted"
    case workflowEmpty = "workflow_empty"
    case timeZoneMissing = "time_zone_missing"
    case channelUnknown = "channel_unknown"
    case fieldsUnconfirmed = "fields_unconfirmed"
    case reentryNotAllowed = "reentry_not_allowed"
    case nothingToSend = "nothing_to_send"
    case anchorMissing = "anchor_missing"
    case exitConditionHolds = "exit_condition_holds"
    case contactSuppressed = "contact_suppressed"
    case recordRequired = "record_required"
    case notActive = "not_active"
    case notUnknown = "not_unknown"
    case eventsTruncated = "events_truncated"
    case clockNotSimulated = "clock_not_simulated"
    case batchAborted = "batch_aborted"
    case overloaded
    case storageFull = "storage_full"
    case storageFailed = "storage_failed"
    case internalError = "internal_error"

    /// When a client may send the same command again.
    public enum Retry: String, Hashable, Sendable {
        /// It will never succeed as it is.
        case never
        /// After reading the current state and deciding anew.
        case afterRead = "after_read"
        /// At once, unchanged.
        case same
        /// Later, unchanged.
        case later
    }

    /// When a client may send the same command again.
    public var retry: Retry {
        switch self {
        case .revMismatch, .alreadyExists, .inUse, .notActive, .notUnknown, .eventsTruncated:
            .afterRead
        case .overloaded, .storageFull, .storageFailed, .workflowPaused,
            .workflowHalted,
            .reentryNotAllowed:
            .later
        case .internalError: .same
        default: .never
        }
    }
}
