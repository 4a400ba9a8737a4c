import Foundation
import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// A version of a workflow, laid out for the engine.
final class Version {
    let stored: StoredVersion
    let timeline: Timeline
    let workflowName: String

    init(_ stored: StoredVersion, workflowName: String) throws {
        self.stored = stored
        self.workflowName = workflowName
        let json = try JSON(parsing: stored.definition)
        timeline = Timeline(try WorkflowDefinition(json: json, at: "definition"))
    }
}

/// What every decision needs and what seldom changes: workflows, versions, settings, names.
///
/// Read from the store once and kept. It knows only what is committed, or will be with the open turn: what
/// was learned since a savepoint goes with it, and all of it where a change of it is undone.
final class Catalog {
    private(set) var workflows: [String: StoredWorkflow] = [:]
    private var states: [Int64: WorkflowState] = [:]
    private(set) var settings = Settings()
    private(set) var settingsJSON: JSONObject = [:]
    private var versions: [Int64: Version] = [:]
    /// Bytes of the texts of `versions`.
    private var versionBytes = 0
    private var contactNames: [Int64: String] = [:]
    private let zones = ZoneDirectory()
    private var isLoaded = false
    /// Grows with every change.
    private var generation = 0
    /// What was read or made within the open turn, in order.
    ///
    /// The number of a row that is undone is given again, to another.
    private var learned: [Learned] = []

    private enum Learned {
        case version(Int64)
        case contact(Int64)
    }

    /// Begins a turn: whatever is known by now is committed.
    func begin(_ session: StoreSession) throws {
        learned.removeAll(keepingCapacity: true)
        try load(session)
    }

    private func load(_ session: StoreSession) throws {
        guard !isLoaded else { return }
        workflows = [:]
        states = [:]
        for workflow in try session.workflows() { keep(workflow) }
        if let text = try session.meta("settings") {
            settingsJSON = try JSON(parsing: text).object ?? [:]
            settings = try Settings(json: .object(settingsJSON), at: "settings")
        } else {
            (settingsJSON, settings) = ([:], Settings())
        }
        isLoaded = true
    }

    func invalidate() {
        isLoaded = false
        forgetVersions()
        contactNames = [:]
        learned = []
        generation += 1
    }

    // MARK: Undoing

    /// How much is known at a savepoint.
    struct Mark {
        fileprivate let generation: Int
        fileprivate let learned: Int
    }

    var mark: Mark { Mark(generation: generation, learned: learned.count) }

    /// Forgets what it learned since `mark`, as that was rolled back.
    func rollBack(to mark: Mark, _ session: StoreSession) throws {
        guard generation == mark.generation else {
            invalidate()
            return try load(session)
        }
        for one in learned[mark.learned...] {
            switch one {
            case .version(let id): drop(version: id)
            case .contact(let id): contactNames[id] = nil
            }
        }
        learned.removeSubrange(mark.learned...)
    }

    private func keep(_ workflow: StoredWorkflow) {
        workflows[workflow.publicID] = workflow
        states[workflow.id] = workflow.state
    }

    // MARK: Workflows

    func put(_ workflow: StoredWorkflow, _ session: StoreSession) throws {
        generation += 1
        try session.update(workflow)
        keep(workflow)
    }

    func insert(_ publicID: String, at now: Instant, _ session: StoreSession) throws
        -> StoredWorkflow
    {
        generation += 1
        let workflow = try session.insertWorkflow(publicID, at: now)
        keep(workflow)
        return workflow
    }

    func remove(_ workflow: StoredWorkflow, at now: Instant, _ session: StoreSession) throws {
        generation += 1
        try session.delete(workflow, at: now)
        workflows[workflow.publicID] = nil
        states[workflow.id] = nil
    }

    /// The state of workflow `id`; a deleted one sends nothing.
    func state(of id: Int64) -> WorkflowState { states[id] ?? .halted }

    func version(_ id: Int64, _ session: StoreSession) throws -> Version {
        if let version = versions[id] { return version }
        guard let stored = try session.version(id),
            let name = try session.workflowName(stored.workflow)
        else { throw CatalogError.missingVersion(id) }
        let version = try Version(stored, workflowName: name)
        if versionBytes > Catalog.rememberedBytes { forgetVersions() }
        versionBytes += stored.definition.utf8.count
        versions[id] = version
        learned.append(.version(id))
        return version
    }

    /// Versions whose texts are so long are kept; laid out, a hostile one takes twenty times its text.
    private static let rememberedBytes = 16 << 20

    private func forgetVersions() {
        versions = [:]
        versionBytes = 0
    }

    /// Lets version `id`, whose row was rewritten, be read again.
    func forgetVersion(_ id: Int64) {
        generation += 1
        drop(version: id)
    }

    private func drop(version id: Int64) {
        let forgotten = versions.removeValue(forKey: id)
        versionBytes -= forgotten?.stored.definition.utf8.count ?? 0
    }

    // MARK: Settings and zones

    func put(settings json: JSONObject, _ settings: Settings, _ session: StoreSession) throws {
        generation += 1
        try session.setMeta("settings", JSON.object(json).text)
        settingsJSON = json
        self.settings = settings
    }

    var businessZone: ZoneCalendar? { settings.timeZone.flatMap(zones.calendar) }

    /// The zone of a contact with `fields`: its own, else the business's.
    func zone(of fields: JSONObject) -> ZoneCalendar? {
        fields["time_zone"]?.string.flatMap(zones.calendar) ?? businessZone
    }

    // MARK: Names

    func contactName(_ id: Int64, _ session: StoreSession) throws -> String {
        if let name = contactNames[id] { return name }
        guard let name = try session.contactName(id) else { return "" }
        remember(contact: id, name)
        return name
    }

    func remember(contact id: Int64, _ name: String) {
        guard contactNames[id] == nil else { return }
        if contactNames.count >= Catalog.rememberedNames {
            contactNames.removeAll(keepingCapacity: true)
        }
        contactNames[id] = name
        learned.append(.contact(id))
    }

    /// How many contacts' names are kept: some megabytes.
    private static let rememberedNames = 50_000
}

enum CatalogError: Error {
    case missingVersion(Int64)
    case missingStep(Int)
}
