extension JSONReader {
    private mutating func digits() -> Int {
        let start = position
        while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            position += 1
        }
        return position - start
    }

    /// Reads a number; without fraction and exponent it is an integer.
    mutating func number() throws(JSONError) -> JSON {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        let firstDigit = position
        let integerDigits = digits()
        guard integerDigits > 0 else { throw error("a digit is missing") }
        if integerDigits > 1, bytes[firstDigit] == UInt8(ascii: "0") {
            throw error("a number with a leading zero", at: firstDigit)
        }
        var isInteger = true
        if current == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            guard digits() > 0 else { throw error("a digit is missing") }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw error("a digit is missing") }
        }
        return isInteger ? try integer(from: start, digits: integerDigits) : try double(from: start)
    }

    private func integer(from start: Int, digits: Int) throws(JSONError) -> JSON {
        let negative = bytes[start] == UInt8(ascii: "-")
        guard digits <= 16 else { throw error("an integer beyond ±(2^53-1)", at: start) }
        var magnitude: Int64 = 0
        for index in (negative ? start + 1 : start)..<position {
            magnitude = magnitude * 10 + Int64(bytes[index] - UInt8(ascii: "0"))
        }
        guard magnitude <= JSON.largestInteger else {
            throw error("an integer beyond ±(2^53-1)", at: start)
        }
        return .integer(negative ? -magnitude : magnitude)
    }

    private func double(from start: Int) throws(JSONError) -> JSON {
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw error("a number out of range", at: start)
        }
        return .number(value)
    }
}
