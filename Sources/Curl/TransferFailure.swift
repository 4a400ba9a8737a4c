/// A transfer that did not come to an answer.
public struct TransferFailure: Error, Hashable, Sendable {
    /// libcurl's code, `CURLE_...`.
    public let code: Int
    /// libcurl's words for it, which name no address and no text.
    public let reason: String
    /// Whether the first byte of the body may have left: before that the other side cannot have acted.
    public let bodyBegan: Bool
    /// Whether the time limit ended it.
    public let isTimeout: Bool
    /// The last response code; 0 where there was none.
    ///
    /// After a time-out or a broken connection it may be the one of an earlier step, so look at
    /// ``code`` first.
    public let responseCode: Int
    /// The mail server's last line with ``responseCode``, which may hold personal data.
    public let lastLine: String?
    /// OpenSSL's verdict on the other side's certificate; 0 where there was none, or it is good.
    public let certificateFault: Int

    /// A failure of the given parts.
    public init(
        code: Int, reason: String, bodyBegan: Bool, isTimeout: Bool, responseCode: Int,
        lastLine: String?, certificateFault: Int = 0
    ) {
        self.code = code
        self.reason = reason
        self.bodyBegan = bodyBegan
        self.isTimeout = isTimeout
        self.responseCode = responseCode
        self.lastLine = lastLine
        self.certificateFault = certificateFault
    }

    /// Whether the connection could not be made: name, port, time.
    public var isUnreachable: Bool { [5, 6, 7].contains(code) || (isTimeout && !bodyBegan) }

    /// Whether the two sides could not agree on TLS, or the certificate is not trusted.
    public var isDistrusted: Bool {
        [35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98].contains(code)
    }

    /// Whether the server takes no addresses beyond ASCII (RFC 6531), of which ``Transfer/mail(_:onUpload:)``
    /// needs one: no byte of the mail left.
    public var isBeyondASCII: Bool { code == TransferFailure.beyondASCII.code }

    static let beyondASCII = TransferFailure(
        code: -1, reason: "the server takes no addresses beyond ASCII (SMTPUTF8)", bodyBegan: false,
        isTimeout: false, responseCode: 0, lastLine: nil)

    /// Whether the other side answered with a code that libcurl does not know what to do with
    /// (`CURLE_WEIRD_SERVER_REPLY`).
    public var isOddReply: Bool { code == 8 }

    /// Whether the caller's own word ended it (`CURLE_ABORTED_BY_CALLBACK`).
    public var isAborted: Bool { code == 42 }

    /// Whether the name or the password was refused (`CURLE_LOGIN_DENIED`).
    public var isLoginRefused: Bool { code == 67 }
}

/// Which certificates are trusted.
public struct TransportTrust: Hashable, Sendable {
    /// A file of certificates in PEM form, in place of the system's; nil for the system's.
    public var authoritiesFile: String?

    /// The system's certificates, or those of `authoritiesFile`.
    public init(authoritiesFile: String? = nil) { self.authoritiesFile = authoritiesFile }
}

/// A name and its password.
public struct Credentials: Hashable, Sendable, CustomStringConvertible {
    /// The name.
    public var user: String
    /// The password.
    public var password: String

    /// `user` with `password`.
    public init(user: String, password: String) {
        self.user = user
        self.password = password
    }

    /// Names nobody: a description may reach a log.
    public var description: String { "credentials" }
}
