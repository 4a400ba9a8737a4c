import ChannelJournal
import ChannelKit
import Curl

/// A calendar on a CalDAV server (RFC 4791).
final class CalendarServer: EntryPlace {
    /// Where it is, and as whom to speak to it.
    struct Access: Hashable, Sendable {
        /// The collection's address, with a slash at its end.
        var collection: String
        var credentials: Credentials?
        var trust = TransportTrust()
        var kind: CallEntry.Kind
    }

    private let access: Access
    private let transfer = Transfer()

    var address: String { access.collection }

    init(_ access: Access) { self.access = access }

    /// Two messages in a row of a worker, with a look behind each, end within the time that the host
    /// waits for an answer.
    private static let putTimeout = Duration.seconds(8)
    private static let lookTimeout = Duration.seconds(4)

    private func request(
        _ method: String, _ url: String, _ headers: [(name: String, value: String)],
        body: [UInt8]? = nil, timeout: Duration
    ) -> HTTPRequest {
        HTTPRequest(
            method, url, headers: headers + [("User-Agent", "CallReminderChannel/1.0.0")],
            body: body, credentials: access.credentials, timeout: timeout, trust: access.trust,
            // Reading changes nothing, and `If-None-Match: *` lets an entry be put once.
            isIdempotent: true)
    }

    // MARK: Putting an entry

    /// Puts it with `If-None-Match: *` (RFC 9110, section 13.1.2), so that a name is taken once.
    func put(_ entry: CallEntry, begin: () throws -> Void) -> SendJournal.Sent {
        let url = address + entry.name.file
        let headers = [("Content-Type", "text/calendar; charset=utf-8"), ("If-None-Match", "*")]
        let put = request(
            "PUT", url, headers.map { (name: $0.0, value: $0.1) }, body: entry.bytes,
            timeout: Self.putTimeout)
        do throws(TransferFailure) {
            return sent(entry.name, PutAnswer(try upload(put, begin)), url)
        } catch {
            return unanswered(error)
        }
    }

    /// The handle keeps what it calls until its next transfer, so `begin` reaches it by way of a gate
    /// that is shut on return.
    private func upload(_ put: HTTPRequest, _ begin: () throws -> Void) throws(TransferFailure)
        -> HTTPResponse
    {
        let gate = UploadGate()
        return try withoutActuallyEscaping(begin) { begin throws(TransferFailure) in
            gate.begin = begin
            defer { gate.begin = nil }
            return try transfer.http(put, onUpload: { try gate.begin?() })
        }
    }

    private func sent(_ name: EntryName, _ answer: PutAnswer, _ url: String) -> SendJournal.Sent {
        switch answer {
        case .created: .answered(.sent, reference: url)
        // It lies there under another address, which is not told.
        case .knownElsewhere: .answered(.sent)
        case .taken: .ambiguous(reason: "The server has it already and could not be asked.")
        case .refused(let failure): .answered(.failed(failure))
        case .broken(let failure): afterBreakdown(name, failure)
        }
    }

    /// A server or a gateway that breaks down may have stored the entry before.
    private func afterBreakdown(_ name: EntryName, _ failure: SendAnswer.Failure)
        -> SendJournal.Sent
    {
        guard case .there(let answer, let reference) = find(name) else {
            return .answered(.failed(failure))
        }
        return .answered(answer, reference: reference)
    }

    private func unanswered(_ failure: TransferFailure) -> SendJournal.Sent {
        let fault = failure.connectionFault(authorities: "ca_file")
        let reason = fault.map { "The calendar \($0)." } ?? "The calendar did not answer."
        if failure.bodyBegan { return .ambiguous(reason: reason) }
        if failure.isRefusedHere {
            return .answered(.failed(.init(.config, reason: failure.reason)))
        }
        let kind: SendAnswer.Failure.Kind = failure.isDistrusted ? .config : .transient
        return .answered(.failed(.init(kind, reason: reason)))
    }

    // MARK: Looking

    /// Whether the address of `name` holds an entry with its UID; another's makes a permanent failure.
    func find(_ name: EntryName) -> SendJournal.Found {
        let url = address + name.file
        switch read(url, unlike: nil) {
        case .text(let text, _):
            guard EntryState(uid: name.uid, in: text) != nil else {
                let reason = "Another entry has the address of this one in the calendar."
                return .there(.failed(.init(.permanent, reason: reason)))
            }
            return .there(.sent, reference: url)
        case .gone: return .absent
        case .unchanged, .silent:
            return .silent(reason: "The calendar could not be asked.")
        }
    }

    func read(_ reference: String, unlike tag: String?) -> EntrySight {
        let headers = tag.map { [(name: "If-None-Match", value: $0)] } ?? []
        let get = request("GET", reference, headers, timeout: Self.lookTimeout)
        guard let response = try? transfer.http(get) else { return .silent }
        switch response.status {
        case 200: return .text(response.body, tag: response.header("etag"))
        case 304: return .unchanged
        case 404, 410: return .gone
        default: return .silent
        }
    }

    // MARK: The collection

    func survey() -> PlaceSurvey {
        let ask = request(
            "PROPFIND", address,
            [
                (name: "Depth", value: "0"),
                (name: "Content-Type", value: "application/xml; charset=utf-8"),
            ], body: CollectionProperties.question, timeout: Self.putTimeout)
        do throws(TransferFailure) {
            return CollectionProperties.judge(try transfer.http(ask), for: access.kind)
        } catch {
            let fault = error.connectionFault(authorities: "ca_file") ?? "broke the connection"
            let reason = "calendar: The server \(fault)."
            return error.isDistrusted ? .refused(reason: reason) : .silent(reason: reason)
        }
    }
}

extension TransferFailure {
    /// Whether it was the channel itself that let nothing leave (`CURLE_ABORTED_BY_CALLBACK`).
    fileprivate var isRefusedHere: Bool { code == 42 }
}

/// What is called when an upload begins, for as long as it may be called.
private final class UploadGate {
    var begin: (() throws -> Void)?
}
