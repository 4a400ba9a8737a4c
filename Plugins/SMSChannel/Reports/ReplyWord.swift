import ChannelKit

/// Single words by which contacts unsubscribe and subscribe.
///
/// Sources: CTIA Messaging Principles and Best Practices on opting out, and the words that Twilio heeds
/// by itself.
///
/// YES is none of them: it is what people answer to a question.
enum ReplyWord {
    private static let out: Set = [
        "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT",
    ]
    private static let back: Set = ["START", "UNSTOP"]

    /// What a reply means: `STOP` unsubscribes, `please stop calling me` is a reply.
    static func kind(of text: String) -> ChannelLine.Inbound.Kind {
        let word = String(text.uppercased().filter { !$0.isWhitespace && !$0.isPunctuation })
        if out.contains(word) { return .optOut }
        return back.contains(word) ? .optIn : .reply
    }
}
