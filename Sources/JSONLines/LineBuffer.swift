/// The text of one line while it is written: raw memory, which spares each byte the checks of an array.
///
/// Whoever makes one frees it.
struct LineBuffer {
    private var base = UnsafeMutablePointer<UInt8>.allocate(capacity: 1024)
    private var capacity = 1024
    private var count = 0

    var contents: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

    func free() { base.deallocate() }

    @inline(__always) private mutating func reserve(_ more: Int) {
        if capacity - count < more { grow(more) }
    }

    private mutating func grow(_ more: Int) {
        capacity = max(2 * capacity, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.initialize(from: base, count: count)
        base.deallocate()
        base = larger
    }

    @inline(__always) mutating func append(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        count += 1
    }

    mutating func append(_ text: String) { for byte in text.utf8 { append(byte) } }

    mutating func append(_ value: Int64) {
        // The longest: -9223372036854775808.
        reserve(20)
        if value < 0 { append(UInt8(ascii: "-")) }
        var magnitude = value.magnitude
        var end = count + decimalDigits(magnitude)
        count = end
        repeat {
            end -= 1
            let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: 10)
            base[end] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: remainder)
            magnitude = quotient
        } while magnitude > 0
    }

    mutating func append(quoting text: String) {
        var text = text
        text.withUTF8 { bytes in
            reserve(longestEscaped(bytes) + 2)
            var end = count
            base[end] = UInt8(ascii: "\"")
            end += 1
            for byte in bytes {
                if needsEscape(byte) {
                    count = end
                    append(escaping: byte)
                    end = count
                } else {
                    base[end] = byte
                    end += 1
                }
            }
            base[end] = UInt8(ascii: "\"")
            count = end + 1
        }
    }

    /// No less than what `bytes` become when escaped.
    ///
    /// An escape has six bytes at most; only long texts are worth counting.
    private func longestEscaped(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        bytes.count <= 256 ? 6 * bytes.count : bytes.count + 5 * bytes.count(where: needsEscape)
    }

    private func decimalDigits(_ magnitude: UInt64) -> Int {
        var count = 1
        var rest = magnitude / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        return count
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
