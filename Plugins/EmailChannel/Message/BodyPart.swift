import Foundation

/// A text as a part of a mail, in an encoding that every server carries (RFC 2045).
struct BodyPart {
    /// The fields that describe it.
    let fields: [String]
    /// The encoded text; every line ends with CRLF and has at most 76 characters.
    let body: String

    /// Text of type `text/SUBTYPE`.
    init(_ text: String, subtype: String) {
        let bytes = BodyPart.canonical(text)
        let isMostlyASCII = bytes.count(where: { $0 >= 0x80 }) * 5 <= bytes.count
        fields = [
            "Content-Type: text/\(subtype); charset=utf-8",
            "Content-Transfer-Encoding: \(isMostlyASCII ? "quoted-printable" : "base64")",
        ]
        body = isMostlyASCII ? QuotedPrintable.encode(bytes) : BodyPart.base64(bytes)
    }

    /// The text's bytes with CRLF at the end of each line (RFC 2046, 4.1.1).
    private static func canonical(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var previous: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case 0x0A where previous == 0x0D: break
            case 0x0A, 0x0D: bytes += [0x0D, 0x0A]
            default: bytes.append(byte)
            }
            previous = byte
        }
        return bytes
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let text = Data(bytes).base64EncodedString(options: [
            .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
        ])
        return text + "\r\n"
    }
}

/// The encoding of RFC 2045, 6.7.
enum QuotedPrintable {
    private static let lineLength = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Encodes `bytes`, whose lines end with CRLF; the result's last line has an end as well.
    static func encode(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        var column = 0
        var index = 0
        while index < bytes.count {
            if isLineEnd(bytes, index) {
                output += [0x0D, 0x0A]
                column = 0
                index += 2
                continue
            }
            let piece = encode(
                bytes[index], isLast: isLineEnd(bytes, index + 1), atStart: column == 0)
            if column + piece.count > lineLength - 1 {
                output += Array("=\r\n".utf8)
                column = 0
            }
            output += piece
            column += piece.count
            index += 1
        }
        if column > 0 { output += Array("=\r\n".utf8) }
        return String(decoding: output, as: UTF8.self)
    }

    private static func isLineEnd(_ bytes: [UInt8], _ index: Int) -> Bool {
        index + 1 < bytes.count && bytes[index] == 0x0D && bytes[index + 1] == 0x0A
    }

    /// A space at a line's end would be lost, and a dot or `From ` at its start changed on the way.
    private static func encode(_ byte: UInt8, isLast: Bool, atStart: Bool) -> [UInt8] {
        let isPlain =
            switch byte {
            case UInt8(ascii: "="): false
            case UInt8(ascii: " "), UInt8(ascii: "\t"): !isLast
            case UInt8(ascii: "."), UInt8(ascii: "F"): !atStart
            default: (0x21...0x7E).contains(byte)
            }
        guard !isPlain else { return [byte] }
        return [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
