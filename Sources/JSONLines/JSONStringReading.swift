extension JSONReader {
    /// Reads a string from its opening to its closing quote.
    mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let text = try text(
                    UnsafeBufferPointer(rebasing: bytes[start..<position]), from: start)
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            if byte < 0x20 { throw controlCharacter }
            position += 1
        }
        throw error("a string without its closing quote")
    }

    private var controlCharacter: JSONError {
        error("a control character in a string; write it as an escape")
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var unescaped = Array(bytes[start..<position])
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                let result = unescaped.withUnsafeBufferPointer { buffer in
                    Result { () throws(JSONError) in try text(buffer, from: start) }
                }
                position += 1
                return try result.get()
            case UInt8(ascii: "\\"): try escape(into: &unescaped)
            case 0..<0x20: throw controlCharacter
            default:
                unescaped.append(byte)
                position += 1
            }
        }
        throw error("a string without its closing quote")
    }

    /// The text of `buffer`, the unescaped form of what stands from `start` to the position.
    private func text(_ buffer: UnsafeBufferPointer<UInt8>, from start: Int) throws(JSONError)
        -> String
    {
        do {
            return String(copying: try UTF8Span(validating: buffer.span))
        } catch {
            throw invalidEncoding(from: start)
        }
    }

    /// Escapes are ASCII, so that the raw bytes are invalid where the unescaped are.
    private func invalidEncoding(from start: Int) -> JSONError {
        var offset = start
        do {
            _ = try UTF8Span(
                validating: UnsafeBufferPointer(rebasing: bytes[start..<position]).span)
        } catch {
            offset += error.byteOffsets.lowerBound
        }
        return error("a string that is not valid UTF-8", at: offset)
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        position += 1
        guard let byte = current else { throw error("an escape without its character") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try unicodeScalar()).utf8)
        default: throw error("an unknown escape", at: position - 1)
        }
    }

    private mutating func unicodeScalar() throws(JSONError) -> Unicode.Scalar {
        let start = position - 2
        let high = try hexadecimalUnit()
        if let scalar = Unicode.Scalar(high) { return scalar }
        let isPair =
            high < 0xDC00 && position + 1 < bytes.count
            && bytes[position] == UInt8(ascii: "\\") && bytes[position + 1] == UInt8(ascii: "u")
        guard isPair else { throw error("a lone surrogate", at: start) }
        position += 2
        let low = try hexadecimalUnit()
        let isLow = low >= 0xDC00 && low <= 0xDFFF
        let code = 0x10000 + (UInt32(high & 0x3FF) << 10) + UInt32(low & 0x3FF)
        guard isLow, let scalar = Unicode.Scalar(code) else {
            throw error("a lone surrogate", at: start)
        }
        return scalar
    }

    private mutating func hexadecimalUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = current.flatMap(hexadecimalDigit) else {
                throw error("an escape that needs four hexadecimal digits")
            }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }

    private func hexadecimalDigit(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
