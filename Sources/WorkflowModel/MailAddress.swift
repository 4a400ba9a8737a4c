internal import Foundation

/// An address of a mailbox, perhaps with a name before it.
public struct MailAddress: Hashable, Sendable {
    /// The name to show; nil for none.
    public var name: String?
    /// What stands before the @.
    public let local: String
    /// What stands behind it.
    public let domain: String
    /// The same in ASCII (IDNA), so that servers without SMTPUTF8 take it.
    private let asciiDomain: String

    /// The address alone, its domain in ASCII.
    public var address: String { "\(local)@\(asciiDomain)" }

    /// Whether only servers with SMTPUTF8 carry it (RFC 6531).
    public var isBeyondASCII: Bool { !local.utf8.allSatisfy { $0 < 0x80 } }

    /// Reads `ann@example.com` or `Ann <ann@example.com>`; nil where it is neither.
    public init?(_ text: String) {
        guard let end = text.lastIndex(of: ">"), let start = text.lastIndex(of: "<"), start < end
        else {
            self.init(address: text)
            return
        }
        guard text[text.index(after: end)...].allSatisfy(\.isWhitespace) else { return nil }
        let name = text[..<start].drop(while: \.isWhitespace)
        let bare = String(name.reversed().drop(while: \.isWhitespace).reversed())
        // A second address stands in what looks like the name.
        guard bare.isQuoted || !bare.contains("<") else { return nil }
        self.init(address: String(text[text.index(after: start)..<end]))
        self.name = bare.trimmingQuotes
    }

    /// Reads an address alone: a dot-atom (RFC 5321, 4.1.2; with any letters by RFC 6531, 3.3), @,
    /// a domain.
    ///
    /// Quoted local parts, which no provider gives out, are refused.
    public init?(address: String) {
        guard let at = address.lastIndex(of: "@") else { return nil }
        let local = String(address[..<at])
        let domain = String(address[address.index(after: at)...])
        guard MailAddress.isLocalPart(local), MailAddress.isDomain(domain),
            let asciiDomain = MailAddress.ascii(domain)
        else { return nil }
        self.local = local
        self.domain = domain
        self.asciiDomain = asciiDomain
    }

    /// A domain by IDNA; nil where it has no such form.
    private static func ascii(_ domain: String) -> String? {
        guard !domain.utf8.allSatisfy({ $0 < 0x80 }) else { return domain }
        var parts = URLComponents()
        parts.host = domain
        guard let ascii = parts.encodedHost, ascii.utf8.allSatisfy({ $0 < 0x80 }), isDomain(ascii)
        else { return nil }
        return ascii
    }

    private static func isLocalPart(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count) else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.unicodeScalars.allSatisfy(isAtomText)
        }
    }

    private static func isAtomText(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        case "!", "#", "$", "%", "&", "'", "*", "+", "-", "/", "=", "?", "^", "_", "`", "{", "|",
            "}",
            "~":
            true
        default: isInternational(scalar)
        }
    }

    private static func isDomain(_ text: String) -> Bool {
        guard text.utf8.count <= 253 else { return false }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2 && labels.allSatisfy(isLabel)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "-": true
                default: isInternational(scalar)
                }
            }
    }

    private static func isInternational(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x80, !scalar.properties.isDefaultIgnorableCodePoint else {
            return false
        }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate,
            .unassigned, .privateUse:
            false
        default: true
        }
    }
}

extension String {
    fileprivate var isQuoted: Bool { count >= 2 && hasPrefix("\"") && hasSuffix("\"") }

    /// The text without the quotes that a name may stand in.
    fileprivate var trimmingQuotes: String {
        guard isQuoted else { return self }
        return String(dropFirst().dropLast()).replacing("\\\"", with: "\"")
            .replacing("\\\\", with: "\\")
    }
}
