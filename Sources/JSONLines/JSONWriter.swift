extension JSON {
    /// Appends this value to `line` as compact UTF-8 text without any line break.
    public func write(to line: inout [UInt8]) {
        switch self {
        case .null: line.append(contentsOf: "null".utf8)
        case .bool(let value): line.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): JSON.write(integer: value, to: &line)
        case .number(let value): line.append(contentsOf: value.description.utf8)
        case .string(let text): JSON.write(string: text, to: &line)
        case .array(let elements):
            JSON.write(elements, "[", "]", to: &line) { $0.write(to: &$1) }
        case .object(let object): object.write(to: &line)
        }
    }

    /// This value as compact UTF-8 bytes.
    public var bytes: [UInt8] {
        var line: [UInt8] = []
        write(to: &line)
        return line
    }

    /// This value as compact text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    fileprivate static func write<T>(
        _ elements: [T], _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, to line: inout [UInt8],
        _ body: (T, inout [UInt8]) -> Void
    ) {
        line.append(UInt8(ascii: opening))
        var first = true
        for element in elements {
            if !first { line.append(UInt8(ascii: ",")) }
            first = false
            body(element, &line)
        }
        line.append(UInt8(ascii: closing))
    }

    private static func write(integer value: Int64, to line: inout [UInt8]) {
        if value < 0 { line.append(UInt8(ascii: "-")) }
        var magnitude = value.magnitude
        let start = line.count
        repeat {
            line.append(UInt8(ascii: "0") + UInt8(magnitude % 10))
            magnitude /= 10
        } while magnitude > 0
        line[start...].reverse()
    }

    static func write(string text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            if bytes.contains(where: needsEscape) {
                for byte in bytes { write(escaping: byte, to: &line) }
            } else {
                line.append(contentsOf: bytes)
            }
        }
        line.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private static func write(escaping byte: UInt8, to line: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
        case 0x0A: line.append(contentsOf: "\\n".utf8)
        case 0x0D: line.append(contentsOf: "\\r".utf8)
        case 0x09: line.append(contentsOf: "\\t".utf8)
        case 0..<0x20, 0x7F:
            let digits = Array("0123456789abcdef".utf8)
            line.append(contentsOf: "\\u00".utf8)
            line += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: line.append(byte)
        }
    }
}

extension JSONObject {
    /// Appends this object to `line` as compact UTF-8 text without any line break.
    public func write(to line: inout [UInt8]) {
        JSON.write(members, "{", "}", to: &line) { member, line in
            JSON.write(string: member.name, to: &line)
            line.append(UInt8(ascii: ":"))
            member.value.write(to: &line)
        }
    }
}
