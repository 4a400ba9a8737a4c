import ChannelKit
import JSONLines

/// An answer as it stands in the journal.
extension SendAnswer {
    /// Whether the message may go later: then the journal forgets it.
    var mayPass: Bool {
        guard case .failed(let failure) = self else { return false }
        return failure.kind == .transient || failure.kind == .config
    }

    /// The text; nil for an unknown fate, which is what a message without an answer has.
    var journalText: String? {
        if case .unknown = self { return nil }
        return JSON.object(members).text
    }

    init?(journal text: String?) {
        guard let text, let json = try? JSON(parsing: Array(text.utf8)),
            let answer = try? SendAnswer(members: json)
        else { return nil }
        self = answer
    }
}
