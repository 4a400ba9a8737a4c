import CCurl

/// A mail for one recipient, and the server that takes it.
public struct MailSubmission: Sendable {
    /// How the connection is protected.
    public enum Security: Hashable, Sendable {
        /// STARTTLS, without which nothing is sent (RFC 3207).
        case startTLS
        /// TLS from the first byte (RFC 8314).
        case tls
        /// None.
        case plain
    }

    /// The server's name or address.
    public var host: String
    /// Its port.
    public var port: Int
    /// How the connection is protected.
    public var security: Security
    /// Whom the client logs in as; nil for nobody.
    public var credentials: Credentials?
    /// What the client calls itself in EHLO; nil for this machine's name.
    public var clientName: String?
    /// The envelope's sender, without brackets.
    public var sender: String
    /// The envelope's recipient, without brackets.
    public var recipient: String
    /// The whole message with CRLF line ends; leading dots are doubled by libcurl.
    public var message: [UInt8]
    /// Whether it names an address that only servers with SMTPUTF8 carry (RFC 6531).
    public var isBeyondASCII: Bool
    /// For the whole submission, from connecting to the last reply.
    public var timeout: Duration
    /// Which certificates are trusted.
    public var trust: TransportTrust

    /// A submission of the given parts.
    public init(
        host: String, port: Int, security: Security, credentials: Credentials? = nil,
        clientName: String? = nil, sender: String, recipient: String, message: [UInt8],
        isBeyondASCII: Bool = false, timeout: Duration = .seconds(30),
        trust: TransportTrust = TransportTrust()
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.credentials = credentials
        self.clientName = clientName
        self.sender = sender
        self.recipient = recipient
        self.message = message
        self.isBeyondASCII = isBeyondASCII
        self.timeout = timeout
        self.trust = trust
    }
}

/// The other side's last reply.
public struct MailReply: Hashable, Sendable {
    /// The reply code, such as 250.
    public var code: Int
    /// Its last line, which may hold personal data.
    public var line: String
}

extension Transfer {
    /// Submits one mail over a connection that is kept for the next.
    ///
    /// - Parameter onUpload: called once, after the server has agreed to take the message and before
    ///   its first byte leaves. Where it throws, no byte leaves.
    /// - Throws: ``TransferFailure``. A refusal at any step is one too, with its ``TransferFailure/responseCode``;
    ///   with ``TransferFailure/bodyBegan`` and a code below 400, or no code, the mail may have gone.
    public func mail(_ mail: MailSubmission, onUpload: (() throws -> Void)? = nil)
        throws(TransferFailure) -> MailReply
    {
        guard mail.isBeyondASCII else {
            address(mail)
            return try submit(mail, onUpload)
        }
        // libcurl would send such an address whatever the server offers.
        try greet(mail)
        guard offersSMTPUTF8 else { throw .beyondASCII }
        address(mail)
        do throws(TransferFailure) {
            // The connection may have been made anew, to another machine of that name.
            return try submit(mail) { [unowned self] in
                guard offersSMTPUTF8 else { throw TransferFailure.beyondASCII }
                try onUpload?()
            }
        } catch {
            // A connection that broke before it said what it offers says nothing of the address.
            let isAnswer = error.isAborted || error.responseCode >= 500
            throw isAnswer && !error.bodyBegan && !offersSMTPUTF8 ? .beyondASCII : error
        }
    }

    private func address(_ mail: MailSubmission) {
        let scheme = mail.security == .tls ? "smtps" : "smtp"
        let name = mail.clientName.map { "/\($0)" } ?? ""
        reset(
            "\(scheme)://\(mail.host):\(mail.port)\(name)", timeout: mail.timeout, trust: mail.trust
        )
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        if mail.security == .startTLS { set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
        if let credentials = mail.credentials {
            set(CURLOPT_USERNAME, credentials.user)
            set(CURLOPT_PASSWORD, credentials.password)
        }
    }

    private func submit(_ mail: MailSubmission, _ onUpload: (() throws -> Void)?)
        throws(TransferFailure) -> MailReply
    {
        let recipients = TextList(["<\(mail.recipient)>"])
        set(CURLOPT_MAIL_FROM, "<\(mail.sender)>")
        set(CURLOPT_MAIL_RCPT, recipients)
        set(CURLOPT_UPLOAD, 1)
        set(CURLOPT_INFILESIZE_LARGE, size: mail.message.count)
        state.body = mail.message[...]
        state.onUpload = onUpload
        do throws(TransferFailure) {
            let code = try perform(lists: [recipients])
            return MailReply(code: code, line: state.headers.last ?? "")
        } catch {
            // libcurl takes 250 alone for a yes to the text, RFC 5321 every 2yz (4.2.1).
            guard error.bodyBegan, error.isOddReply, (200...299).contains(error.responseCode) else {
                throw error
            }
            return MailReply(code: error.responseCode, line: error.lastLine ?? "")
        }
    }

    /// Connects, protects the connection, logs in, asks for NOOP, and sends no mail.
    /// - Throws: ``TransferFailure`` as ``mail(_:onUpload:)``; of `mail` only the server's part is used.
    public func check(_ mail: MailSubmission) throws(TransferFailure) {
        try greet(mail)
        guard offersSMTPUTF8 || !mail.isBeyondASCII else { throw .beyondASCII }
    }

    private func greet(_ mail: MailSubmission) throws(TransferFailure) {
        address(mail)
        set(CURLOPT_CUSTOMREQUEST, "NOOP")
        _ = try perform(lists: [])
    }
}
