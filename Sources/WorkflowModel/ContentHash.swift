/// A fingerprint of a text, by which equal definitions are recognized.
///
/// Hash: FNV-1a with 128 bits (Fowler, Noll, Vo). It protects against mistakes, not against forgery.
public enum ContentHash {
    /// The fingerprint of `text` as 32 hexadecimal digits.
    public static func text(of text: String) -> String {
        let prime: UInt128 = 1 << 88 | 0x13B
        var hash: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
        for byte in text.utf8 { hash = (hash ^ UInt128(byte)) &* prime }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 32 - digits.utf8.count) + digits
    }
}
