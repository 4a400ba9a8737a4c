import ChannelJournal
import ChannelKit

/// Where entries are put: a calendar on a server, or a folder.
///
/// It belongs to one thread, as its connection does.
protocol EntryPlace: AnyObject {
    /// What the references of its entries begin with.
    var address: String { get }

    /// Whether entries of the configured kind can be put there; sends nothing.
    func survey() -> PlaceSurvey

    /// Puts an entry there unless its name is taken; `begin` is called right before it leaves.
    func put(_ entry: CallEntry, begin: () throws -> Void) -> SendJournal.Sent

    /// Whether the entry called `name` is there.
    func find(_ name: EntryName) -> SendJournal.Found

    /// The entry's text, if it is not the one that `tag` was given out for.
    func read(_ reference: String, unlike tag: String?) -> EntrySight
}

/// What a look at a place told.
enum PlaceSurvey: Hashable, Sendable {
    /// Entries can be put there.
    ///
    /// While `mark` stays the same, no entry has changed; nil where the place does not tell.
    case open(mark: String?)
    /// A person has to mend the configuration or the account.
    case refused(reason: String)
    /// It could not be asked.
    case silent(reason: String)
}

/// What reading one entry told.
enum EntrySight: Hashable, Sendable {
    case unchanged
    /// The iCalendar text, and what to give ``EntryPlace/read(_:unlike:)`` the next time.
    case text([UInt8], tag: String?)
    /// There is no such entry, if the place itself is there.
    case gone
    /// It could not be read now.
    case silent
}
