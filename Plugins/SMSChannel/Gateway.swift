import ChannelJournal
import ChannelKit
import Curl

/// A provider as one thread sees it: over a connection of its own.
protocol Gateway: AnyObject {
    /// Connects and logs in, and sends nothing.
    func check() throws(ConfigurationError)

    /// Sends a message, and calls `begin` right before its first byte leaves.
    func send(_ message: TextMessage, _ begin: @escaping () throws -> Void) -> SendJournal.Sent

    /// Looks for a message that began to leave at `begun`, in milliseconds since 1970, and that no
    /// request carries any more since `ended`; nil for `ended` where another process sent it.
    func find(_ message: TextMessage, begun: Int64, ended: ContinuousClock.Instant?)
        -> SendJournal.Found
}

extension Transfer {
    /// Asks something that changes nothing.
    /// - Throws: ``ConfigurationError`` where no answer came.
    func ask(_ request: HTTPRequest) throws(ConfigurationError) -> HTTPResponse {
        do throws(TransferFailure) {
            return try http(request)
        } catch {
            throw ConfigurationError(error.refusal.reason)
        }
    }
}

extension TransferFailure {
    /// What it says of a message whose body never began to leave.
    var refusal: SendAnswer.Failure {
        switch code {
        // CURLE_ABORTED_BY_CALLBACK: the journal could not be written.
        case 42: .init(.config, reason: reason)
        // CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT
        case 1, 3: .init(.config, reason: "base_url: \(reason).")
        default:
            .init(
                isDistrusted ? .config : .transient,
                reason: "The provider "
                    + (connectionFault(authorities: "ca_file") ?? "broke the connection") + ".")
        }
    }

    /// What it says of a message whose body began to leave.
    var doubt: String { "The provider's answer did not come: \(reason)." }
}
