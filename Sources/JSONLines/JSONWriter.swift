extension JSON {
    /// Appends this value to `line` as compact UTF-8 text without any line break.
    ///
    /// JSON has no infinity and no not-a-number: they are written as null.
    public func write(to line: inout [UInt8]) {
        switch self {
        case .null: line.append("null")
        case .bool(let value): line.append(value ? "true" : "false")
        case .integer(let value): line.append(value)
        case .number(let value): line.append(value.isFinite ? value.description : "null")
        case .string(let text): line.append(quoting: text)
        case .array(let elements):
            line.append(UInt8(ascii: "["))
            for index in elements.indices {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                elements[index].write(to: &line)
            }
            line.append(UInt8(ascii: "]"))
        case .object(let object): object.write(to: &line)
        }
    }

    /// This value as compact UTF-8 bytes.
    public var bytes: [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        write(to: &line)
        return line
    }

    /// This value as compact text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension JSONObject {
    /// Appends this object to `line` as compact UTF-8 text without any line break.
    public func write(to line: inout [UInt8]) {
        line.append(UInt8(ascii: "{"))
        for index in members.indices {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            line.append(quoting: members[index].name)
            line.append(UInt8(ascii: ":"))
            members[index].value.write(to: &line)
        }
        line.append(UInt8(ascii: "}"))
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ text: String) { append(contentsOf: text.utf8) }

    fileprivate mutating func append(_ value: Int64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var magnitude = value.magnitude
            var start = digits.count
            repeat {
                start -= 1
                let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: 10)
                digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: remainder)
                magnitude = quotient
            } while magnitude > 0
            if value < 0 {
                start -= 1
                digits[start] = UInt8(ascii: "-")
            }
            append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }

    fileprivate mutating func append(quoting text: String) {
        append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            var written = 0
            for index in bytes.indices where needsEscape(bytes[index]) {
                append(contentsOf: UnsafeBufferPointer(rebasing: bytes[written..<index]))
                append(escaping: bytes[index])
                written = index + 1
            }
            append(contentsOf: UnsafeBufferPointer(rebasing: bytes[written...]))
        }
        append(UInt8(ascii: "\""))
    }

    private func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private mutating func append(escaping byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0D: append(UInt8(ascii: "r"))
        case 0x09: append(UInt8(ascii: "t"))
        default:
            append("u00")
            append(hexadecimalDigit(byte >> 4))
            append(hexadecimalDigit(byte & 15))
        }
    }

    private func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
