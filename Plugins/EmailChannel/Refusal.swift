import ChannelKit
import Curl

/// What a failed submission means for the message.
///
/// libcurl's code is looked at before the server's: behind a broken connection the last reply may be
/// that of an earlier step.
struct Refusal {
    private let transfer: TransferFailure
    /// Whether an address of the sender's needs what the server does not offer.
    private let isOwnAddress: Bool

    init(_ failure: TransferFailure, isOwnAddress: Bool) {
        transfer = failure
        self.isOwnAddress = isOwnAddress
    }

    /// Whether the mail may have gone: its text began to leave and no reply says otherwise.
    var isAmbiguous: Bool { transfer.bodyBegan && reply == nil }

    /// The failure for the host.
    var failure: SendAnswer.Failure { .init(kind, reason: explanation) }

    /// What happened, without any address.
    var explanation: String {
        if let reply { return "The mail server refused: \(reply.text)." }
        if let oddCode { return "\(place) with \(oddCode), which says neither yes nor no." }
        if transfer.isBeyondASCII { return beyondASCII }
        if transfer.isLoginRefused { return "The mail server takes no such login." }
        // The journal did not let the text leave.
        if transfer.isAborted { return transfer.reason }
        if transfer.bodyBegan { return ambiguity }
        if isStuck { return "The mail server stopped answering." }
        return transfer.connectionFault(authorities: "ca_file").map { "The mail server \($0)." }
            ?? "The connection to the mail server broke."
    }

    private var ambiguity: String {
        transfer.isTimeout
            ? "The mail server did not answer the text in time; it may have taken the mail."
            : "The connection broke before the mail server answered the text; it may have taken the mail."
    }

    private var beyondASCII: String {
        let whose = isOwnAddress ? "An address of the sender's" : "The address"
        return "\(whose) has letters beyond ASCII, which the mail server does not take (SMTPUTF8)."
    }

    private var place: String {
        transfer.bodyBegan ? "The mail server answered the text" : "The mail server answered"
    }

    private var kind: SendAnswer.Failure.Kind {
        if transfer.isBeyondASCII { return isOwnAddress ? .config : .permanent }
        if transfer.isLoginRefused { return reply?.isPassing == true ? .transient : .config }
        if let reply, transfer.isGreetingRefused { return reply.isPassing ? .transient : .config }
        if let reply { return reply.kind(afterText: transfer.bodyBegan) }
        if isStuck || oddCode != nil { return .transient }
        if transfer.isDistrusted || transfer.isAborted || transfer.isUnreachable { return .config }
        return .transient
    }

    /// The server had talked and stopped: it may stop at one address only, and holds up no other mail.
    private var isStuck: Bool {
        transfer.isTimeout && transfer.responseCode > 0 && !transfer.bodyBegan
    }

    /// The server's refusal, where libcurl says that it was one: 4yz or 5yz, nothing else (RFC 5321, 4.2.1).
    private var reply: SMTPReply? {
        guard transfer.isRefusal, (400...599).contains(transfer.responseCode) else { return nil }
        return SMTPReply(code: transfer.responseCode, line: transfer.lastLine ?? "")
    }

    /// A code that neither agrees nor refuses.
    ///
    /// Where the connection broke (`CURLE_SEND_ERROR`) it is that of an earlier step, to which it was an answer.
    private var oddCode: Int? {
        let code = transfer.responseCode
        guard transfer.isRefusal, !transfer.isLoginRefused, reply == nil,
            code >= 600 || (transfer.isOddReply && transfer.bodyBegan)
        else { return nil }
        return code
    }
}

/// A reply that refuses (RFC 5321, 4.2; RFC 3463).
struct SMTPReply {
    let code: Int
    /// The enhanced status code, such as 5.1.1, where there is one.
    let status: String?
    private let mentionsRelaying: Bool
    private let mentionsSize: Bool

    init(code: Int, line: String) {
        self.code = code
        let words = line.dropFirst(4).split(separator: " ")
        status = words.first.flatMap { SMTPReply.isStatus($0) ? String($0) : nil }
        mentionsRelaying = line.lowercased().contains("relay")
        mentionsSize = line.lowercased().contains("size")
    }

    private static func isStatus(_ word: Substring) -> Bool {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 3 && ["4", "5"].contains(parts[0])
            && parts.allSatisfy { (1...3).contains($0.count) && $0.allSatisfy(\.isWholeNumber) }
    }

    /// Whether it may be otherwise later.
    var isPassing: Bool { (400...499).contains(code) }

    /// The codes, and in words what they mean; never the server's words, which may name an address.
    var text: String {
        let codes = status.map { "\(code) \($0)" } ?? "\(code)"
        return SMTPReply.meaning(status ?? "").map { "\(codes), \($0)" } ?? codes
    }

    /// What it means for the message.
    /// - Parameter afterText: whether it came behind the mail's text.
    func kind(afterText: Bool) -> SendAnswer.Failure.Kind {
        if isAboutTheAccount { return .config }
        if isPassing || isFullMailbox(afterText) { return .transient }
        return .permanent
    }

    /// The login, or the sender as such, is refused: no other mail would go either.
    ///
    /// 530 to 538 by RFC 4954, 6; relaying that is denied to a client means the account as a rule.
    private var isAboutTheAccount: Bool {
        switch (code, status) {
        case (530, _), (534, _), (535, _), (538, _), (432, _): true
        case (_, "5.7.8"), (_, "5.7.9"), (_, "5.7.11"), (_, "4.7.12"), (_, "5.1.8"), (_, "5.1.7"):
            true
        case (500...599, "5.7.1"), (500...599, nil): mentionsRelaying
        default: false
        }
    }

    /// 552 to RCPT is to be read as 452 (RFC 5321, 4.5.3.1.10); to the text, and to the announced size
    /// (RFC 1870, 6.1), it means too long a mail.
    private func isFullMailbox(_ afterText: Bool) -> Bool {
        status == "5.2.2" || (code == 552 && !afterText && !mentionsSize)
    }

    /// RFC 3463, 3.2 to 3.8.
    private static func meaning(_ status: String) -> String? {
        switch status.dropFirst(2) {
        case "1.1": "there is no such mailbox"
        case "1.2": "there is no such mail domain"
        case "1.3": "the address is not well formed"
        case "1.7", "1.8": "the sender's address is refused"
        case "2.1": "the mailbox takes no mail"
        case "2.2": "the mailbox is full"
        case "2.3", "3.4": "the mail is too long"
        case "3.2": "the server takes no mail now"
        case "4.1", "4.2": "the next server does not answer"
        case "4.5", "3.1": "the server is too busy"
        case "7.1": "the server's rules forbid it"
        case "7.8": "the login is wrong"
        default: nil
        }
    }
}

extension TransferFailure {
    /// libcurl's codes for a server that answered and refused: `CURLE_WEIRD_SERVER_REPLY`,
    /// `CURLE_REMOTE_ACCESS_DENIED`, `CURLE_SEND_ERROR`, `CURLE_LOGIN_DENIED`.
    fileprivate var isRefusal: Bool { [8, 9, 55, 67].contains(code) }

    /// Whether the server refused the client as such, before any mail: its greeting
    /// (`CURLE_WEIRD_SERVER_REPLY`) or its answer to EHLO (`CURLE_REMOTE_ACCESS_DENIED`).
    fileprivate var isGreetingRefused: Bool { !bodyBegan && [8, 9].contains(code) }

    /// Whether a kept connection had died before the text began to leave: `CURLE_GOT_NOTHING`,
    /// `CURLE_SEND_ERROR`, `CURLE_RECV_ERROR`.
    var isDeadConnection: Bool {
        !bodyBegan && [52, 55, 56].contains(code) && responseCode == 0
    }
}
