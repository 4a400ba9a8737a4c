import Foundation

/// Makes ids of names.
enum ReadableID {
    /// The most letters of an id that is made of a name.
    private static let length = 48

    /// `name` in small Latin letters and digits, its words joined by hyphens; nil where none are left.
    ///
    /// `Über Größe 42` becomes `uber-grosse-42`, `日本` becomes `ri-ben`.
    static func text(of name: String) -> String? {
        let words = latin(name).unicodeScalars.split { !isPart($0) }.map { String($0) }
        let id = words.joined(separator: "-").prefix(length)
        return id.isEmpty ? nil : String(id)
    }

    private static func latin(_ name: String) -> String {
        // Capitals first: they write `ß` as `SS`.
        let letters = name.applyingTransform(.toLatin, reverse: false) ?? name
        let capitals = letters.uppercased()
        let plain = capitals.applyingTransform(.stripDiacritics, reverse: false) ?? capitals
        return plain.replacing("\u{2019}", with: "").replacing("'", with: "").lowercased()
    }

    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
    }
}
