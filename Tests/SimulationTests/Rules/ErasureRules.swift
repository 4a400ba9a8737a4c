import JSONLines

/// Of who was erased nothing is left that anybody could read, whatever came in afterwards.
struct ErasureRules {
    /// What a contact says in its replies.
    static let words = "my door code"
    /// Where the contacts of the simulation can be reached, and what they say.
    private static let personal = ["+1555", "@example.com", words]

    /// - Throws: ``Violation`` where `text`, an answer to `question`, holds what is personal.
    func check(_ text: String, question: String) throws {
        for word in ErasureRules.personal where text.contains(word) {
            throw Violation("\(question) tells of somebody who was erased: \(text.prefix(500))")
        }
    }
}
