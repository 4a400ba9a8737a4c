import ChannelJournal
import ChannelKit
import Foundation
import HTTPListener
import JSONLines
import WorkflowModel

@testable import CallReminderChannel
@testable import Curl
@testable import EmailChannel
@testable import SMSChannel

extension FuzzTarget {
    static let ofPlugins: [FuzzTarget] = [.kannel, .twilio, .mail, .calendar]

    /// A call that passes for Kannel's, its token included, is answered whatever its query says.
    static let kannel = FuzzTarget("kannel", cases: 200) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let response = HTTPResponse(status: Int(bytes.first ?? 0) * 4, headers: [], body: bytes)
        _ = KannelAnswer(response, isFollowed: true)
        guard let calls = try Provider.shared?.kannel else { return }
        for path in [KannelCalls.reportPath, KannelCalls.inboundPath] {
            let answer = calls.answer(
                IncomingRequest(
                    method: "GET", target: "\(path)?token=secret&\(text)", headers: [:], body: []))
            try require(answer.status < 500, "A call is answered.")
        }
    }

    /// A call that is signed as Twilio signs is answered whatever its form says; so are lists read.
    static let twilio = FuzzTarget("twilio", cases: 200) { bytes in
        if let json = try? JSON(parsing: bytes), let message = TwilioMessage(json) {
            _ = (message.answer, message.eventID, message.says("Hi"), message.created)
        }
        guard let calls = try Provider.shared?.twilio else { return }
        let fields = FormFields(String(decoding: bytes, as: UTF8.self)).fields
        for path in [TwilioCalls.statusPath, TwilioCalls.inboundPath] {
            let target = "\(path)?key=k"
            let signature = TwilioSignature.make(
                url: "https://example.com\(target)",
                fields: fields.map { (name: $0.name, value: $0.value) }, token: "secret")
            let request = IncomingRequest(
                method: "POST", target: target,
                headers: [
                    "x-twilio-signature": signature,
                    "content-type": "application/x-www-form-urlencoded",
                ], body: bytes)
            let answer = calls.answer(request)
            try require(answer.status != 403 && answer.status < 500, "A signed call is answered.")
        }
    }

    /// No text breaks out of the lines of a mail's head.
    static let mail = FuzzTarget("mail") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        try requireFolded(HeaderText.field("Subject", text))
        if let address = MailAddress(text) {
            try requireFolded("To: \(address.header)", allowsUTF8: true)
        }
        let part = BodyPart(text, subtype: "plain")
        try require(
            part.body.components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 998 },
            "A line of a body is short enough.")
        _ = SMTPReply(code: Int(bytes.first ?? 0) * 3, line: text)
    }

    /// An address may hold UTF-8 as it is (RFC 6532).
    private static func requireFolded(_ field: String, allowsUTF8: Bool = false) throws {
        let lines = field.components(separatedBy: "\r\n")
        for line in lines {
            try require(
                line.utf8.count <= 998
                    && line.utf8.allSatisfy { 0x20...0x7E ~= $0 || allowsUTF8 && $0 >= 0x80 },
                "A line is safe.")
        }
        try require(lines.dropFirst().allSatisfy { $0.hasPrefix(" ") }, "A line is folded.")
    }

    /// Whatever a calendar server answers and clients make of an entry is read.
    static let calendar = FuzzTarget("calendar") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        _ = EntryState(uid: "u", in: bytes)
        _ = CollectionProperties(bytes)
        _ = PutAnswer(
            HTTPResponse(
                status: Int(bytes.first ?? 0) + 300, headers: [(name: "retry-after", value: text)],
                body: bytes))
        var lines: [UInt8] = []
        ContentLine("SUMMARY", text: text).write(to: &lines)
        try require(
            lines.split(separator: 0x0A).allSatisfy { $0.count <= 76 && $0.last == 0x0D },
            "A line is folded.")
    }
}

/// What answers the calls of providers, over a journal of its own.
private struct Provider {
    let kannel: KannelCalls
    let twilio: TwilioCalls

    static var shared: Provider? { get throws { try made.get() } }

    private static let made = Result { try Provider() }

    private init() throws {
        let path = NSTemporaryDirectory() + "fuzz-\(UUID()).sqlite"
        let news = ProviderNews(try SendJournal(path: path, patience: .zero))
        for suffix in ["", ".lock"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        let listen = LoopbackAddress("127.0.0.1:8085")
        var reader = try ObjectReader(
            ["username": "u", "password": "p", "callback_token": "secret"], at: "")
        kannel = KannelCalls(try KannelAccount(&reader, listen: listen), news)
        reader = try ObjectReader(
            [
                "account_sid": .string("AC" + String(repeating: "1", count: 32)),
                "auth_token": "secret", "public_url": "https://example.com",
            ], at: "")
        twilio = TwilioCalls(try TwilioAccount(&reader, hasSender: true, listen: listen), news)
    }
}
