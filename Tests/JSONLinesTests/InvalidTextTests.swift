import JSONLines
import Testing

@Suite struct InvalidTextTests {
    /// What is refused, and at which byte.
    static let invalid: [(String, Int)] = [
        // Nothing, too little, too much
        ("", 0), (" ", 1), ("nul", 3), ("tru", 3), ("nulL", 3), ("TRUE", 0), ("None", 0),
        ("NaN", 0), ("Infinity", 0), ("-Infinity", 1), ("undefined", 0), ("1 2", 2), ("{}}", 2),
        ("[]]", 2), ("[],", 2), ("nullnull", 4), ("{} x", 3), ("\"a\"b", 3), ("a", 0), ("'a'", 0),
        // Arrays
        ("[", 1), ("]", 0), ("[1,]", 3), ("[,1]", 1), ("[1,,2]", 3), ("[1 2]", 3), ("[1", 2),
        ("[1,", 3), ("[1}", 2), ("[1:2]", 2), ("[\"a\"", 4), ("[[]", 3), ("[1;2]", 2),
        ("[*]", 1), ("[-]", 2),
        // Objects
        ("{", 1), ("}", 0), ("{\"a\"", 4), ("{\"a\":", 5), ("{\"a\":1", 6), ("{\"a\":1,", 7),
        ("{\"a\":1,}", 7), ("{,}", 1), ("{\"a\"}", 4), ("{\"a\" 1}", 5), ("{\"a\",1}", 4),
        ("{a:1}", 1), ("{'a':1}", 1), ("{1:1}", 1), ("{null:1}", 1), ("{[]:1}", 1),
        ("{\"a\":1 \"b\":2}", 7), ("{\"a\":1]", 6), ("{\"a\"::1}", 5), ("{\"a\":1,,\"b\":2}", 7),
        ("{\"a\":/*c*/1}", 5), ("{\"a\":1}//", 7), ("#\n{}", 0),
        // Duplicate names
        ("{\"a\":1,\"a\":1}", 7), ("{\"a\":1,\"b\":2,\"a\":3}", 13),
        (#"{"a":1,"\u0061":2}"#, 7), (#"{"\/":1,"/":2}"#, 8), ("{\"\":1,\"\":2}", 6),
        ("[{\"x\":{\"a\":1,\"a\":1}}]", 13),
        // Numbers
        ("-", 1), ("+1", 0), ("--1", 1), ("01", 0), ("-01", 1), ("00", 0), ("-00", 1), (".5", 0),
        ("-.5", 1), ("1.", 2), ("1.e1", 2), ("1e", 2), ("1e+", 3), ("1E-", 3), ("1ee2", 2),
        ("1e1.5", 3), ("0x10", 1), ("1_000", 1), ("1a", 1), ("1.2.3", 3), ("１", 0), ("- 1", 1),
        ("1 .5", 2), ("0.1.", 3), ("-a", 1), ("1e1e1", 3), ("-NaN", 1),
        ("9007199254740992", 0), ("-9007199254740992", 0), ("[1,99999999999999999999]", 3),
        ("1e309", 0), ("-1e309", 0), ("[1,1e99999]", 3),
        // Strings
        ("\"", 1), ("\"a", 2), ("\"\\\"", 3), ("\"\\", 2), ("\"\n\"", 1), ("\"a\tb\"", 2),
        ("\"\0\"", 1), ("\"\u{1F}\"", 1), ("\"\\n\u{1}\"", 3), (#""\a""#, 2), (#""\x41""#, 2),
        (#""\'""#, 2), (#""\0""#, 2), (#""\U0041""#, 2), ("\"\\\n\"", 2), ("\"\\é\"", 2),
        // Escapes of code units
        (#""\u""#, 3), (#""\u1""#, 4), (#""\u12""#, 5), (#""\u123""#, 6), (#""\u123g""#, 6),
        (#""\u 123""#, 3), (#""\u+123""#, 3), (#""\u-123""#, 3), ("\"\\u00é0\"", 5),
        ("\"\\u１２３４\"", 3), ("\"\\u12", 5),
        // Surrogates
        (#""\ud800""#, 1), (#""\udc00""#, 1), (#""a\udfffb""#, 2), (#""\ud800\ud800""#, 1),
        (#""\ud800a""#, 1), (#""\ud800\n""#, 1), (#""\ud800\u0041""#, 1), (#""\udc00\ud800""#, 1),
        (#""\ud83d\u""#, 9), (#""\ud83d\""#, 1), (#""\uD83D\uDE0""#, 12),
        // White space that is none
        ("\u{A0}1", 0), ("\u{B}1", 0), ("\u{C}1", 0), ("[\u{2003}]", 1), ("1\0", 1),
        ("\u{2060}[]", 0),
    ]

    @Test("Text that is not strict JSON is refused where it goes wrong", arguments: invalid)
    func refuses(_ text: String, _ offset: Int) throws {
        let error = try #require(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(error.offset == offset, "\(error.reason)")
    }

    static let invalidBytes: [([UInt8], Int)] = [
        ([0xEF, 0xBB, 0xBF, 0x7B, 0x7D], 0),  // a byte order mark
        ([0xFE, 0xFF, 0x00, 0x7B, 0x00, 0x7D], 0),  // UTF-16
        ([0x7B, 0x00, 0x7D, 0x00], 1),
        ([0x22, 0x61, 0xFF, 0x22], 2),
        ([0x22, 0x61, 0x80, 0x22], 2),  // a continuation alone
        ([0x22, 0xC0, 0xAF, 0x22], 1),  // overlong
        ([0x22, 0xE0, 0x80, 0x80, 0x22], 1),
        ([0x22, 0xC3, 0x22], 1),  // cut short
        ([0x22, 0x61, 0x62, 0xE2, 0x82, 0x22], 3),
        ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),  // a surrogate
        ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),  // beyond Unicode
        ([0x22, 0xFC, 0x80, 0x80, 0x80, 0x80, 0x80, 0x22], 1),
        ([0x22, 0x5C, 0x6E, 0x61, 0xFF, 0x22], 4),  // behind an escape
        ([0x22, 0x61, 0xFF, 0x5C, 0x6E, 0x22], 2),  // before one
        ([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], 2),  // in a name
        ([0x22, 0x5C, 0xFF, 0x22], 2),
        ([0x5B, 0xFF, 0x5D], 1),
        ([0x31, 0xC3, 0xA9], 1),
    ]

    @Test("Bytes that are not UTF-8 are refused where they go wrong", arguments: invalidBytes)
    func refusesBytes(_ bytes: [UInt8], _ offset: Int) throws {
        let error = try #require(throws: JSONError.self) { try JSON(parsing: bytes) }
        #expect(error.offset == offset, "\(error.reason)")
    }

    @Test("Names of the same code points are duplicates, however they are written")
    func escapedNames() {
        #expect(throws: JSONError.self) { try JSON(parsing: "{\"\u{E9}\":1,\"\\u00e9\":2}") }
    }

    @Test("Every prefix of a value is refused at its end")
    func prefixes() throws {
        let text = #"{"name":"Ada \u00e9\n","n":[1.5e3,true,null,{"x":{}}]}"#
        let bytes = Array(text.utf8)
        #expect(throws: Never.self) { try JSON(parsing: bytes) }
        for count in bytes.indices {
            let error = try #require(throws: JSONError.self) { try JSON(parsing: bytes[..<count]) }
            #expect(error.offset <= count)
        }
    }
}
