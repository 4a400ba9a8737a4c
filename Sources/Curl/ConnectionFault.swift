extension TransferFailure {
    /// Why there is no connection that can be used, as the end of a sentence about the other side, such as
    /// "The mail server"; nil where there was one.
    ///
    /// - Parameter authorities: the member of the configuration that names the certificates to trust.
    public func connectionFault(authorities: String) -> String? {
        if isDistrusted { return "offers no TLS that is trusted: \(trustFault(authorities))" }
        guard isUnreachable else { return nil }
        return "cannot be reached: \(reachFault)"
    }

    private var reachFault: String {
        switch code {
        case 5, 6: "its name is not known"
        case 7: "nothing takes connections at this address and port"
        default: "it did not answer in time"
        }
    }

    private func trustFault(_ authorities: String) -> String {
        switch code {
        case 60: certificateText(authorities)
        case 64: "it has no STARTTLS at this port"
        case 77: "\(authorities) holds no certificates"
        default: "it speaks no TLS at this port, or none that is safe"
        }
    }

    /// By the numbers of OpenSSL's X509_V_ERR; libcurl leaves 0 or 1 where the name is wrong.
    private func certificateText(_ authorities: String) -> String {
        switch certificateFault {
        case 0, 1, 62...64: "its certificate is for another name"
        case 9: "its certificate is not valid yet"
        case 10: "its certificate has expired"
        case 2, 18...21:
            "its certificate is signed by nobody that is trusted; \(authorities) can name who is"
        default: "its certificate cannot be used (OpenSSL error \(certificateFault))"
        }
    }
}
