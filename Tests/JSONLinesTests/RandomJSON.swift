import JSONLines
import SeededNumbers

extension SeededNumbers {
    /// Any value of at most `depth` levels.
    mutating func json(depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &self) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &self))
        case 2: return .integer(integer())
        case 3: return .number(double())
        case 4, 5: return .string(text())
        case 6: return .array((0..<count()).map { _ in json(depth: depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<count() { object[text()] = json(depth: depth - 1) }
            return .object(object)
        }
    }

    private mutating func count() -> Int { Int.random(in: 0...5, using: &self) }

    private mutating func integer() -> Int64 {
        let bits = Int64.random(in: 0...53, using: &self)
        let limit = min(Int64(1) << bits, JSON.largestInteger)
        return Int64.random(in: -limit...limit, using: &self)
    }

    private mutating func double() -> Double {
        while true {
            let value = Double(bitPattern: next())
            if value.isFinite { return value }
        }
    }

    mutating func text() -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...24, using: &self) { text.append(scalar()) }
        return String(text)
    }

    /// All planes, and more often what a writer must look at.
    private mutating func scalar() -> Unicode.Scalar {
        let limits: [UInt32] = [0x20, 0x7F, 0x80, 0xA0, 0x800, 0x3000, 0xFFFF, 0x10FFFF]
        let limit = limits[Int.random(in: limits.indices, using: &self)]
        let special: [Unicode.Scalar] = ["\"", "\\", "/", "\u{2028}", "\u{FEFF}", "\u{0}"]
        if Int.random(in: 0..<8, using: &self) == 0 {
            return special[Int.random(in: special.indices, using: &self)]
        }
        return Unicode.Scalar(UInt32.random(in: 0...limit, using: &self)) ?? "\u{FFFD}"
    }
}

extension SeededNumbers {
    /// Replaces, removes or inserts one byte.
    mutating func damage(_ bytes: inout [UInt8]) {
        let structural = Array(#"{}[]",:\u0e-. "#.utf8)
        let index = Int.random(in: 0...bytes.count, using: &self)
        let byte =
            Bool.random(using: &self)
            ? UInt8.random(in: 0...255, using: &self)
            : structural[Int.random(in: structural.indices, using: &self)]
        switch Int.random(in: 0..<3, using: &self) {
        case 0 where index < bytes.count: bytes[index] = byte
        case 1 where index < bytes.count: bytes.remove(at: index)
        default: bytes.insert(byte, at: index)
        }
    }
}
