import CCurl
import Glibc

/// One libcurl handle: transfers one after the other, with connections kept between them.
///
/// It belongs to the thread that uses it. Every transfer has a time limit, and libcurl's own answers
/// are told apart by whether the body had begun to leave; see ``TransferFailure``.
public final class Transfer {
    let curl: UnsafeMutableRawPointer
    var state = TransferState()
    /// Whether the mail server behind the kept connection takes addresses beyond ASCII, by its last EHLO.
    private(set) var offersSMTPUTF8 = false

    /// A handle without any connection yet.
    public init() {
        _ = Transfer.library
        guard let curl = curl_easy_init() else { preconditionFailure("libcurl has no memory.") }
        self.curl = curl
    }

    deinit { curl_easy_cleanup(curl) }

    /// Loaded once for the whole process, before the first handle.
    private static let library: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// Forgets all options of the last transfer; connections stay.
    func reset(_ url: String, timeout: Duration, trust: TransportTrust) {
        curl_easy_reset(curl)
        state = TransferState()
        set(CURLOPT_URL, url)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_TIMEOUT_MS, max(1, timeout.milliseconds))
        set(CURLOPT_CONNECTTIMEOUT_MS, max(1, min(timeout.milliseconds, 10_000)))
        set(CURLOPT_TCP_KEEPALIVE, 1)
        if let file = trust.authoritiesFile { set(CURLOPT_CAINFO, file) }
    }

    func set(_ option: CURLoption, _ value: Int) {
        precondition(workflows_curl_set_long(curl, option, value) == CURLE_OK)
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String) {
        precondition(workflows_curl_set_text(curl, option, value) == CURLE_OK)
    }

    func set(_ option: CURLoption, size: Int) {
        precondition(workflows_curl_set_size(curl, option, curl_off_t(size)) == CURLE_OK)
    }

    /// The list has to live until the transfer has ended.
    func set(_ option: CURLoption, _ list: TextList) {
        precondition(workflows_curl_set_list(curl, option, list.first) == CURLE_OK)
    }

    /// Does the transfer, and returns the last response code.
    func perform(lists: [TextList]) throws(TransferFailure) -> Int {
        let context = Unmanaged.passUnretained(self).toOpaque()
        for (option, callback) in [
            (CURLOPT_READFUNCTION, Transfer.giveBytes), (CURLOPT_WRITEFUNCTION, Transfer.takeBody),
            (CURLOPT_HEADERFUNCTION, Transfer.takeHeader),
        ] { precondition(workflows_curl_set_callback(curl, option, callback) == CURLE_OK) }
        for option in [CURLOPT_READDATA, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA] {
            precondition(workflows_curl_set_pointer(curl, option, context) == CURLE_OK)
        }
        let code = withExtendedLifetime((self, lists)) { curl_easy_perform(curl) }
        state.onUpload = nil
        let response = responseCode
        guard code == CURLE_OK else { throw failure(code, response) }
        return response
    }

    private var responseCode: Int { number(CURLINFO_RESPONSE_CODE) }

    private func number(_ information: CURLINFO) -> Int {
        var number = 0
        _ = workflows_curl_get_long(curl, information, &number)
        return number
    }

    /// A new connection, or one that has just been protected, says anew what its server offers.
    private func learn(_ line: String) {
        if line.hasPrefix("220") { offersSMTPUTF8 = false }
        guard line.hasPrefix("250") else { return }
        // libcurl reads it in capitals alone.
        if line.dropFirst(4).split(separator: " ").first == "SMTPUTF8" { offersSMTPUTF8 = true }
    }

    private func failure(_ code: CURLcode, _ response: Int) -> TransferFailure {
        if let refusal = state.uploadRefusal {
            return TransferFailure(
                code: Int(code.rawValue), reason: refusal, bodyBegan: false, isTimeout: false,
                responseCode: 0, lastLine: nil)
        }
        return TransferFailure(
            code: Int(code.rawValue), reason: String(cString: curl_easy_strerror(code)),
            bodyBegan: state.bodyBegan, isTimeout: code == CURLE_OPERATION_TIMEDOUT,
            responseCode: response,
            lastLine: state.headers.last { $0.hasPrefix("\(response)") },
            certificateFault: number(CURLINFO_SSL_VERIFYRESULT))
    }
}

// MARK: Bytes there and back

/// What a running transfer gives and takes.
struct TransferState {
    var whole: [UInt8] = []
    var body: ArraySlice<UInt8> = []
    var onUpload: (() throws -> Void)?
    /// Why `onUpload` did not let the body go.
    var uploadRefusal: String?
    var bodyBegan = false
    var headers: [String] = []
    var received: [UInt8] = []
    var receiveLimit = 8 << 20
}

extension Transfer {
    private static let giveBytes: workflows_curl_callback = { bytes, size, count, context in
        guard let bytes, let context else { return Int(CURL_READFUNC_ABORT) }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.giveBody(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
    }

    private static let takeBody: workflows_curl_callback = { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
        guard transfer.state.received.count + piece.count <= transfer.state.receiveLimit else {
            return 0
        }
        transfer.state.received.append(contentsOf: piece)
        return piece.count
    }

    private static let takeHeader: workflows_curl_callback = { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
        let text = String(decoding: line, as: UTF8.self)
        let bare = String(text.reversed().drop(while: \.isNewline).reversed())
        transfer.state.headers.append(bare)
        transfer.learn(bare)
        return line.count
    }

    /// Lets libcurl start the body again, where a kept connection turned out dead.
    func allowRewinding() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        precondition(workflows_curl_set_seek(curl, Transfer.seek, context) == CURLE_OK)
    }

    private static let seek: workflows_curl_seek = { context, offset, origin in
        guard let context, origin == SEEK_SET else { return Int32(CURL_SEEKFUNC_CANTSEEK) }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        transfer.state.body = transfer.state.whole.dropFirst(Int(offset))
        return Int32(CURL_SEEKFUNC_OK)
    }

    private func giveBody(_ room: UnsafeMutableRawBufferPointer) -> Int {
        if !state.bodyBegan {
            do {
                try state.onUpload?()
            } catch {
                state.uploadRefusal = "\(error)"
                return Int(CURL_READFUNC_ABORT)
            }
            state.bodyBegan = true
        }
        let piece = state.body.prefix(room.count)
        room.copyBytes(from: piece)
        state.body = state.body.dropFirst(piece.count)
        return piece.count
    }
}

/// A list of texts in libcurl's own memory.
final class TextList {
    private(set) var first: UnsafeMutablePointer<curl_slist>?

    init(_ texts: [String]) {
        for text in texts { first = curl_slist_append(first, text) }
    }

    deinit { curl_slist_free_all(first) }
}

extension Duration {
    var milliseconds: Int {
        Int(components.seconds) * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
