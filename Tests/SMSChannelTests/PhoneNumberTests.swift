import Testing

@testable import SMSChannel

@Suite("Numbers and senders")
struct PhoneNumberTests {
    @Test(arguments: ["+15550100123", "+4930901820", "+12345678", "+123456789012345"])
    func internationalNumbersAreTaken(_ text: String) {
        #expect(PhoneNumber(text)?.text == text)
    }

    @Test(arguments: [
        "", "+", "15550100123", "+0155501001", "+1234567", "+1234567890123456", "+1555010012a",
        "+1 555 010 0123", "+٣٤٥٦٧٨٩٠", "+15550100123\n", "++1555010012",
    ])
    func othersAreNot(_ text: String) {
        #expect(PhoneNumber(text) == nil)
    }

    @Test(arguments: ["+15550100123", "15550100123", "0015550100123", " 15550100123 "])
    func gatewaysWriteTheSameNumberInManyWays(_ text: String) {
        #expect(PhoneNumber(gateway: text)?.text == "+15550100123")
    }

    @Test(arguments: ["+15550100123", "12345", "Evergreen", "A-1 Heating", "7"])
    func sendersAreNumbersShortCodesAndNames(_ text: String) {
        #expect((Sender(text) != nil) == (text != "7"))
    }

    @Test(arguments: ["", "Evergreen Home", "Grün", "123456789", "a\r\nb"])
    func otherSendersAreRefused(_ text: String) {
        #expect(Sender(text) == nil)
    }
}
