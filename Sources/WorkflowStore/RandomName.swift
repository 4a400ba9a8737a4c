/// Names that no two data directories share.
public enum RandomName {
    /// `length` random small letters and digits.
    public static func make(_ length: Int) -> String {
        let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
        return String((0..<length).map { _ in alphabet[Int.random(in: alphabet.indices)] })
    }
}
