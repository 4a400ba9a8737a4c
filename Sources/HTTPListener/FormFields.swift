/// Names and values as forms and queries hold them.
///
/// Source: `application/x-www-form-urlencoded`, URL Standard, section 5.
public struct FormFields: Hashable, Sendable {
    /// A name and its value, whose bytes need not be UTF-8.
    public struct Field: Hashable, Sendable {
        /// The name.
        public let name: String
        /// The value's bytes.
        public let bytes: [UInt8]
        /// The value, with a replacement character for what is no UTF-8.
        public var value: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// The fields in order.
    public let fields: [Field]

    /// Reads `name=value&name=value`; what has no `=` is a name with an empty value.
    public init(_ text: some StringProtocol) {
        fields = text.utf8.split(separator: UInt8(ascii: "&")).map { piece in
            let parts = piece.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return Field(
                name: String(decoding: FormFields.decode(parts[0]), as: UTF8.self),
                bytes: parts.count > 1 ? FormFields.decode(parts[1]) : [])
        }
    }

    /// The first value of `name`.
    public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The first value of `name` as it came.
    public func bytes(_ name: String) -> [UInt8]? { fields.first { $0.name == name }?.bytes }

    /// Writes fields in order.
    public static func encode(_ fields: [(name: String, value: String)]) -> String {
        fields.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
    }

    /// `text` with everything escaped but unreserved characters (RFC 3986, section 2.3).
    public static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func decode(_ text: some Sequence<UInt8>) -> [UInt8] {
        let text = Array(text)
        var bytes: [UInt8] = []
        var index = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let byte = hexadecimal(text[index...].dropFirst().prefix(2)) else {
                    bytes.append(text[index])
                    break
                }
                bytes.append(byte)
                index += 2
            default: bytes.append(text[index])
            }
            index += 1
        }
        return bytes
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
        let values = digits.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        return values.count == 2 ? UInt8(values[0] << 4 | values[1]) : nil
    }
}
