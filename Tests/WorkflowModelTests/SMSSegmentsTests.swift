import Testing
import WorkflowModel

struct SMSSegmentsTests {
    @Test(arguments: [
        ("", SMSSegments.Encoding.gsm7, 0, 0), ("a", .gsm7, 1, 1),
        (String(repeating: "a", count: 160), .gsm7, 160, 1),
        (String(repeating: "a", count: 161), .gsm7, 161, 2),
        (String(repeating: "a", count: 306), .gsm7, 306, 2),
        (String(repeating: "a", count: 307), .gsm7, 307, 3),
        (String(repeating: "€", count: 80), .gsm7, 160, 1),
        // 153 is odd, so that each part holds 76 characters of two septets.
        (String(repeating: "€", count: 152), .gsm7, 304, 2),
        (String(repeating: "€", count: 153), .gsm7, 306, 3),
        (String(repeating: "ж", count: 70), .ucs2, 70, 1),
        (String(repeating: "ж", count: 71), .ucs2, 71, 2),
        (String(repeating: "ж", count: 134), .ucs2, 134, 2),
        (String(repeating: "ж", count: 135), .ucs2, 135, 3),
        ("😀", .ucs2, 2, 1), (String(repeating: "😀", count: 35), .ucs2, 70, 1),
        // 67 is odd: 33 pairs in each part.
        (String(repeating: "😀", count: 66), .ucs2, 132, 2),
        (String(repeating: "😀", count: 67), .ucs2, 134, 3),
        ("a\r\nb", .gsm7, 4, 1), ("\r\nж", .ucs2, 3, 1), ("tab\t", .ucs2, 4, 1),
        ("it’s", .ucs2, 4, 1), ("`", .ucs2, 1, 1), ("e\u{301}", .ucs2, 2, 1), ("é", .gsm7, 1, 1),
        ("ç", .ucs2, 1, 1), ("Ç", .gsm7, 1, 1), ("[a|b]", .gsm7, 8, 1), ("\u{0C}", .gsm7, 2, 1),
    ])
    func counts(
        _ text: String, _ encoding: SMSSegments.Encoding, _ characters: Int, _ segments: Int
    ) {
        let count = SMSSegments(text)
        #expect(count.encoding == encoding)
        #expect(count.characters == characters)
        #expect(count.segments == segments)
    }

    /// The tables of 3GPP TS 23.038, sections 6.2.1 and 6.2.1.1, in their own order.
    @Test func knowsTheWholeAlphabet() {
        let basic =
            "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
        #expect(basic.unicodeScalars.count == 127)
        for scalar in basic.unicodeScalars {
            let count = SMSSegments(String(scalar))
            #expect(count.encoding == .gsm7 && count.characters == 1, "\(scalar)")
        }
        for scalar in "\u{0C}^{}\\[~]|€".unicodeScalars {
            let count = SMSSegments(String(scalar))
            #expect(count.encoding == .gsm7 && count.characters == 2, "\(scalar)")
        }
        let all = Set(basic.unicodeScalars).union("\u{0C}^{}\\[~]|€".unicodeScalars)
        for value in UInt32(0)..<0x3000 {
            guard let scalar = Unicode.Scalar(value), !all.contains(scalar) else { continue }
            #expect(SMSSegments(String(scalar)).encoding == .ucs2, "\(value)")
        }
    }
}
