/// A link that a message may hold for a person to follow.
enum WebLink {
    /// Whether `text` is the address of a page, by http or https, without spaces and controls.
    static func isValid(_ text: String, asciiOnly: Bool) -> Bool {
        guard let rest = behindScheme(text),
            text.unicodeScalars.allSatisfy({
                isAllowed($0, asciiOnly: asciiOnly)
            })
        else { return false }
        let authority = rest.prefix { !["/", "?", "#"].contains($0) }
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        return !place.prefix { $0 != ":" }.isEmpty
    }

    private static func behindScheme(_ text: String) -> Substring? {
        for scheme in ["http://", "https://"]
        where text.prefix(scheme.count).lowercased() == scheme {
            return text.dropFirst(scheme.count)
        }
        return nil
    }

    /// The signs of a URI (RFC 3986, appendix A), and letters of any alphabet.
    private static func isAllowed(_ scalar: Unicode.Scalar, asciiOnly: Bool) -> Bool {
        guard scalar.isASCII else {
            return !asciiOnly
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        }
        return (0x21...0x7E).contains(scalar.value)
            && !["\"", "<", ">", "\\", "^", "`", "{", "|", "}"].contains(scalar)
    }
}
