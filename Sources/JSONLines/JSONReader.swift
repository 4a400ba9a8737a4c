/// A recursive-descent reader over the bytes of one value: white space, literals, arrays, objects.
struct JSONReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    private var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func document() throws(JSONError) -> JSON {
        let result = try value()
        skipWhitespace()
        guard position == bytes.count else { throw error("text after the end of the value") }
        return result
    }

    func error(_ reason: String, at offset: Int? = nil) -> JSONError {
        JSONError(offset: offset ?? position, reason: reason)
    }

    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

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
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case 0xEF: throw error("a byte order mark, or other text outside quotes")
        default: throw error("not the beginning of a value")
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for index in 0..<text.utf8CodeUnitCount {
            guard current == text.utf8Start[index] else { throw error("a misspelled literal") }
            position += 1
        }
        return value
    }

    /// Consumes an opening bracket; false where the `closing` one follows at once, consumed too.
    private mutating func open(closing: UInt8) throws(JSONError) -> Bool {
        guard depth < JSON.maximumDepth else {
            throw error("nested deeper than \(JSON.maximumDepth) levels")
        }
        position += 1
        skipWhitespace()
        guard current == closing else {
            depth += 1
            return true
        }
        position += 1
        return false
    }

    /// Consumes a comma (true) or the `closing` bracket (false).
    private mutating func another(closing: UInt8) throws(JSONError) -> Bool {
        skipWhitespace()
        guard let byte = current else { throw error("the text ends too early") }
        guard byte != UInt8(ascii: ",") else {
            position += 1
            return true
        }
        guard byte == closing else { throw error("a comma or a closing bracket is missing") }
        position += 1
        depth -= 1
        return false
    }

    private mutating func array() throws(JSONError) -> [JSON] {
        var elements: [JSON] = []
        guard try open(closing: UInt8(ascii: "]")) else { return elements }
        repeat { elements.append(try value()) } while try another(closing: UInt8(ascii: "]"))
        return elements
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        guard try open(closing: UInt8(ascii: "}")) else { return JSONObject() }
        var members: [(name: String, value: JSON)] = []
        members.reserveCapacity(8)
        var seen: Set<ExactText> = []
        repeat {
            let name = try name(among: members, &seen)
            members.append((name, try value()))
        } while try another(closing: UInt8(ascii: "}"))
        return JSONObject(uniqueMembers: members)
    }

    private mutating func name(
        among members: [(name: String, value: JSON)], _ seen: inout Set<ExactText>
    ) throws(JSONError) -> String {
        skipWhitespace()
        let start = position
        guard current == UInt8(ascii: "\"") else {
            throw error("a member's name in quotes is missing")
        }
        let name = try string()
        guard !isDuplicate(name, among: members, &seen) else {
            throw error("a duplicate name", at: start)
        }
        skipWhitespace()
        guard current == UInt8(ascii: ":") else { throw error("a colon is missing") }
        position += 1
        return name
    }

    /// Small objects are compared name by name; large ones through a set, so that hostile input
    /// stays linear.
    private func isDuplicate(
        _ name: String, among members: [(name: String, value: JSON)], _ seen: inout Set<ExactText>
    ) -> Bool {
        if members.count < 16 {
            return members.contains { $0.name.isExactly(name) }
        }
        if seen.isEmpty { seen = Set(members.map { ExactText($0.name) }) }
        return !seen.insert(ExactText(name)).inserted
    }
}
