import ChannelKit
import JSONLines
import WorkflowModel

/// A message that can be sent as SMS.
struct TextMessage: Hashable, Sendable {
    /// The message's key.
    let key: String
    let to: PhoneNumber
    /// Who it comes from; nil where the provider chooses.
    let from: Sender?
    let text: String
    /// What it is sent and billed as.
    let segments: SMSSegments

    /// Why a message can be no SMS, without what it says.
    struct Unsendable: Error, Hashable {
        let reason: String
        /// A wrong sender is the settings' fault, and waits until they are mended.
        var kind = SendAnswer.Failure.Kind.permanent
    }

    /// Checks a message before any connection is made.
    /// - Throws: ``Unsendable``, which holds for ever, or until the settings change.
    init(_ request: SendRequest, _ settings: SMSSettings) throws(Unsendable) {
        guard let number = request.to.flatMap({ PhoneNumber($0) }) else {
            throw Unsendable(
                reason: "to: It is no number in international form, such as +15550100123.")
        }
        guard let text = request.content["text"]?.string, !text.isEmpty else {
            throw Unsendable(reason: "content.text: This field is required.")
        }
        segments = SMSSegments(text)
        guard segments.segments <= settings.maxSegments else {
            throw Unsendable(
                reason: "content.text: It takes \(segments.segments) segments, and "
                    + "\(settings.maxSegments) are the most.")
        }
        key = request.key
        to = number
        from = try TextMessage.sender(request.from, settings)
        self.text = text
    }

    private static func sender(_ text: String?, _ settings: SMSSettings) throws(Unsendable)
        -> Sender?
    {
        guard let text, !text.isEmpty else { return settings.from }
        guard let sender = Sender(text) else {
            throw Unsendable(
                reason: "from: It is no number, short code or name of 11 letters.", kind: .config)
        }
        return sender
    }
}
