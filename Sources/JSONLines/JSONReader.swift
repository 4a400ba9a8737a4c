/// Why bytes are not one strict JSON value, and where.
public struct JSONError: Error, Hashable, Sendable {
    /// The offset of the offending byte, from 0.
    public let offset: Int
    /// What is wrong there, without any of the text itself.
    public let reason: String
}

extension JSON {
    /// The greatest nesting of arrays and objects that is read.
    public static let maximumDepth = 32

    /// Reads `bytes` as exactly one strict JSON value (RFC 8259) with white space around it.
    ///
    /// Beyond the grammar it refuses what parsers are known to disagree on: duplicate names (after
    /// unescaping), lone surrogates, invalid UTF-8, a byte order mark, integers beyond ±(2^53-1),
    /// numbers that no double can hold, and nesting deeper than ``maximumDepth``.
    ///
    /// - Throws: ``JSONError`` with the position of the first offence.
    public init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        let result = bytes.withContiguousStorageIfAvailable { JSON.parse($0) }
            ?? Array(bytes).withUnsafeBufferPointer { JSON.parse($0) }
        self = try result.get()
    }

    /// Reads `text` as exactly one strict JSON value; see ``init(parsing:)-(Collection<UInt8>)``.
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<JSON, JSONError> {
        var reader = JSONReader(bytes: bytes)
        do throws(JSONError) {
            return .success(try reader.document())
        } catch {
            return .failure(error)
        }
    }
}

/// A recursive-descent reader over the bytes of one value.
private struct JSONReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func document() throws(JSONError) -> JSON {
        let result = try value()
        skipWhitespace()
        guard position == bytes.count else { throw error("text after the end of the value") }
        return result
    }

    private func error(_ reason: String, at offset: Int? = nil) -> JSONError {
        JSONError(offset: offset ?? position, reason: reason)
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func value() throws(JSONError) -> JSON {
        skipWhitespace()
        guard let byte = current else { throw error("the text ends where a value should begin") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { reader throws(JSONError) in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader throws(JSONError) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case 0xEF: throw error("a byte order mark or other non-ASCII character where a value should begin")
        default: throw error("not the beginning of a value")
        }
    }

    private mutating func nested(
        _ body: (inout JSONReader) throws(JSONError) -> JSON
    ) throws(JSONError) -> JSON {
        depth += 1
        guard depth <= JSON.maximumDepth else {
            throw error("nested deeper than \(JSON.maximumDepth) levels")
        }
        defer { depth -= 1 }
        position += 1
        return try body(&self)
    }

    private mutating func literal(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for index in 0..<text.utf8CodeUnitCount {
            guard current == text.utf8Start[index] else { throw error("a misspelt literal") }
            position += 1
        }
        return value
    }

    private mutating func array() throws(JSONError) -> JSON {
        var elements: [JSON] = []
        skipWhitespace()
        if current == UInt8(ascii: "]") {
            position += 1
            return .array([])
        }
        while true {
            elements.append(try value())
            if try !another(closing: UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    /// Consumes a comma (true) or the `closing` byte (false).
    private mutating func another(closing: UInt8) throws(JSONError) -> Bool {
        skipWhitespace()
        guard current == UInt8(ascii: ",") || current == closing else {
            throw error(current == nil ? "the text ends too early" : "a comma or a closing bracket is missing")
        }
        position += 1
        return bytes[position - 1] != closing
    }

    private mutating func object() throws(JSONError) -> JSON {
        var members: [(String, JSON)] = []
        skipWhitespace()
        if current == UInt8(ascii: "}") {
            position += 1
            return .object(JSONObject())
        }
        var seen: Set<String> = []
        while true {
            skipWhitespace()
            let start = position
            guard current == UInt8(ascii: "\"") else { throw error("a member's name in quotes is missing") }
            let name = try string()
            if isDuplicate(name, among: members, &seen) { throw error("a duplicate name", at: start) }
            skipWhitespace()
            guard current == UInt8(ascii: ":") else { throw error("a colon is missing") }
            position += 1
            members.append((name, try value()))
            if try !another(closing: UInt8(ascii: "}")) {
                return .object(JSONObject(uniqueMembers: members))
            }
        }
    }

    /// Small objects are compared name by name; large ones through a set, so that hostile input
    /// stays linear.
    private func isDuplicate(
        _ name: String, among members: [(String, JSON)], _ seen: inout Set<String>
    ) -> Bool {
        if members.count < 16 { return members.contains { $0.0 == name } }
        if seen.isEmpty { seen = Set(members.map(\.0)) }
        return !seen.insert(name).inserted
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                let text = try validated(UnsafeBufferPointer(rebasing: bytes[start..<position]), at: start)
                position += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw error("a control character in a string; write it as an escape")
            default: position += 1
            }
        }
        throw error("a string without its closing quote")
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<position])
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                let result = try text.withUnsafeBufferPointerTyped { buffer throws(JSONError) in
                    try validated(buffer, at: start)
                }
                position += 1
                return result
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw error("a control character in a string; write it as an escape")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw error("a string without its closing quote")
    }

    private func validated(_ buffer: UnsafeBufferPointer<UInt8>, at offset: Int) throws(JSONError) -> String {
        guard let text = String(validating: buffer, as: UTF8.self) else {
            throw error("a string that is not valid UTF-8", at: offset)
        }
        return text
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
        case UInt8(ascii: "u"): text.append(contentsOf: UTF8.encode(try unicodeScalar())!)
        default: throw error("an unknown escape", at: position - 1)
        }
    }

    private mutating func unicodeScalar() throws(JSONError) -> Unicode.Scalar {
        let start = position - 2
        let high = try hexadecimalUnit()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard high < 0xDC00, current == UInt8(ascii: "\\"), position + 1 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "u")
        else { throw error("a lone surrogate", at: start) }
        position += 2
        let low = try hexadecimalUnit()
        guard (0xDC00...0xDFFF).contains(low) else { throw error("a lone surrogate", at: start) }
        return Unicode.Scalar(0x10000 + ((UInt32(high) - 0xD800) << 10) + (UInt32(low) - 0xDC00))!
    }

    private mutating func hexadecimalUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80
            else { throw error("an escape that needs four hexadecimal digits") }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func number() throws(JSONError) -> JSON {
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
        guard magnitude <= JSON.largestInteger else { throw error("an integer beyond ±(2^53-1)", at: start) }
        return .integer(negative ? -magnitude : magnitude)
    }

    private func double(from start: Int) throws(JSONError) -> JSON {
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw error("a number out of range", at: start) }
        return .number(value)
    }
}

extension Array<UInt8> {
    /// `withUnsafeBufferPointer` with a typed error.
    fileprivate func withUnsafeBufferPointerTyped<T>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(JSONError) -> T
    ) throws(JSONError) -> T {
        let result = withUnsafeBufferPointer { buffer -> Result<T, JSONError> in
            do throws(JSONError) { return .success(try body(buffer)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}
