import Foundation

/// The text of a header field: any text there is, within the seven bits and short lines of RFC 5322.
enum HeaderText {
    /// A line should not be longer (RFC 5322, 2.1.1).
    private static let lineLength = 76

    /// The field `name` with unstructured text, such as a subject.
    ///
    /// Line ends and other control characters become spaces, so that no text can add a field.
    static func field(_ name: String, _ text: String) -> String {
        let text = withoutControls(text)
        let isPlain = isASCII(text) && !text.contains("=?") && text == trimmed(text)
        if isPlain, name.utf8.count + 2 + text.utf8.count <= lineLength {
            return "\(name): \(text)"
        }
        return "\(name): " + encodedWords(text, after: name.utf8.count + 2)
    }

    /// A name before an address: a quoted string (RFC 5322, 3.2.4), or encoded words.
    static func phrase(_ text: String) -> String {
        let text = trimmed(withoutControls(text))
        guard isASCII(text), !text.contains("=?"), text.utf8.count <= 60 else {
            return encodedWords(text, after: 16)
        }
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }

    /// The field `name` with words that stand on lines of their own, such as message identifiers.
    static func list(_ name: String, _ words: [String]) -> String {
        "\(name): " + words.joined(separator: "\r\n ")
    }

    /// Encoded words by RFC 2047, 2: none longer than 75 characters, none that splits a character.
    private static func encodedWords(_ text: String, after used: Int) -> String {
        var words: [String] = []
        var bytes: [UInt8] = []
        var room = payload(of: lineLength - used)
        for scalar in text.unicodeScalars {
            let next = Array(String(scalar).utf8)
            if bytes.count + next.count > room {
                words.append(word(bytes))
                bytes = []
                room = payload(of: lineLength - 1)
            }
            bytes += next
        }
        if !bytes.isEmpty || words.isEmpty { words.append(word(bytes)) }
        return words.joined(separator: "\r\n ")
    }

    /// How many bytes fit into an encoded word of at most `length` characters.
    private static func payload(of length: Int) -> Int {
        let frame = "=?utf-8?B?" + "?="
        return max(6, (min(75, length) - frame.utf8.count) / 4 * 3)
    }

    private static func word(_ bytes: [UInt8]) -> String {
        "=?utf-8?B?\(Data(bytes).base64EncodedString())?="
    }

    private static func withoutControls(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }

    private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

    private static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespaces)
    }
}
