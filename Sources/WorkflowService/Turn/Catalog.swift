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
/// Read from the store once and kept. What is kept is committed: what a turn changes stands in layers on
/// top, one for each attempt, until ``commit()``.
final class Catalog {
    private var kept = Kept()
    private var layers: [CatalogChanges] = [CatalogChanges()]
    private let zones = ZoneDirectory()
    private var isLoaded = false

    private struct Kept {
        var workflows: [String: StoredWorkflow] = [:]
        var states: [Int64: WorkflowState] = [:]
        var settings = CatalogSettings()
        var versions: [Int64: Version] = [:]
        /// Bytes of the texts of `versions`.
        var versionBytes = 0
        var contactNames: [Int64: String] = [:]
    }

    /// Begins a turn: what another has changed and not committed is dropped.
    func begin(_ session: StoreSession) throws {
        layers = [CatalogChanges()]
        guard !isLoaded else { return }
        for workflow in try session.workflows() { keep(workflow) }
        if let text = try session.meta("settings") {
            let json = try JSON(parsing: text).object ?? [:]
            kept.settings = CatalogSettings(
                json: json, settings: try Settings(json: .object(json), at: "settings"))
        }
        isLoaded = true
    }

    private func keep(_ workflow: StoredWorkflow) {
        kept.workflows[workflow.publicID] = workflow
        kept.states[workflow.id] = workflow.state
    }

    // MARK: Layers

    func beginAttempt() { layers.append(CatalogChanges()) }

    func mergeAttempt() {
        let newer = layers.removeLast()
        top.merge(newer)
    }

    func dropAttempt() { layers.removeLast() }

    private var top: CatalogChanges {
        _read { yield layers[layers.count - 1] }
        _modify { yield &layers[layers.count - 1] }
    }

    /// Keeps what the turn has changed, as its transaction is committed.
    func commit() {
        precondition(layers.count == 1, "An attempt is still open.")
        let changes = top
        for (name, workflow) in changes.workflows {
            kept.workflows[name] = workflow
        }
        for (id, state) in changes.states { kept.states[id] = state }
        if let settings = changes.settings { kept.settings = settings }
        for id in changes.changedVersions { drop(version: id) }
        for (_, version) in changes.versions { keep(version) }
        for (id, name) in changes.contactNames { keep(contact: id, name) }
        layers = [CatalogChanges()]
    }

    // MARK: Workflows

    /// All workflows by public id.
    var workflows: [String: StoredWorkflow] {
        layers.reduce(into: kept.workflows) { workflows, layer in
            for (name, workflow) in layer.workflows { workflows[name] = workflow }
        }
    }

    /// The workflow called `name`, or nil.
    func workflow(_ name: String) -> StoredWorkflow? {
        for index in layers.indices.reversed() {
            if let change = layers[index].workflows[name] { return change }
        }
        return kept.workflows[name]
    }

    /// The state of workflow `id`; a deleted one sends nothing.
    func state(of id: Int64) -> WorkflowState {
        for index in layers.indices.reversed() {
            if let change = layers[index].states[id] { return change ?? .halted }
        }
        return kept.states[id] ?? .halted
    }

    func put(_ workflow: StoredWorkflow, _ session: StoreSession) throws {
        try session.update(workflow)
        top.put(workflow)
    }

    func insert(_ publicID: String, at now: Instant, _ session: StoreSession) throws
        -> StoredWorkflow
    {
        let workflow = try session.insertWorkflow(publicID, at: now)
        top.put(workflow)
        return workflow
    }

    func remove(_ workflow: StoredWorkflow, at now: Instant, _ session: StoreSession) throws {
        try session.delete(workflow, at: now)
        top.remove(workflow)
    }

    // MARK: Versions

    func version(_ id: Int64, _ session: StoreSession) throws -> Version {
        for index in layers.indices.reversed() {
            if let version = layers[index].versions[id] { return version }
            guard layers[index].changedVersions.contains(id) else { continue }
            let version = try read(version: id, session)
            top.versions[id] = version
            return version
        }
        if let version = kept.versions[id] { return version }
        let version = try read(version: id, session)
        keep(version)
        return version
    }

    private func read(version id: Int64, _ session: StoreSession) throws -> Version {
        guard let stored = try session.version(id),
            let name = try session.workflowName(stored.workflow)
        else { throw CatalogError.missingVersion(id) }
        return try Version(stored, workflowName: name)
    }

    /// Stores the next version of `workflow`.
    func addVersion(
        of workflow: Int64, _ definition: WorkflowDefinition, at now: Instant,
        _ session: StoreSession
    ) throws -> StoredVersion {
        let text = definition.json.text
        let version = try session.addVersion(
            workflow: workflow, hash: ContentHash.text(of: text), definition: text, at: now)
        top.change(version: version.id)
        return version
    }

    /// Writes `definition` into version `id`, which nothing refers to yet.
    func rewriteVersion(_ id: Int64, _ definition: WorkflowDefinition, _ session: StoreSession)
        throws
    {
        let text = definition.json.text
        try session.rewriteVersion(id, hash: ContentHash.text(of: text), definition: text)
        top.change(version: id)
    }

    private func keep(_ version: Version) {
        if kept.versionBytes > Catalog.rememberedBytes {
            kept.versions = [:]
            kept.versionBytes = 0
        }
        kept.versionBytes += version.stored.definition.utf8.count
        kept.versions[version.stored.id] = version
    }

    private func drop(version id: Int64) {
        let forgotten = kept.versions.removeValue(forKey: id)
        kept.versionBytes -= forgotten?.stored.definition.utf8.count ?? 0
    }

    /// Versions whose texts are so long are kept; laid out, a hostile one takes twenty times its text.
    private static let rememberedBytes = 16 << 20

    // MARK: Settings and zones

    private var currentSettings: CatalogSettings {
        for index in layers.indices.reversed() {
            if let settings = layers[index].settings { return settings }
        }
        return kept.settings
    }

    var settings: Settings { currentSettings.settings }
    var settingsJSON: JSONObject { currentSettings.json }

    func put(settings json: JSONObject, _ settings: Settings, _ session: StoreSession) throws {
        try session.setMeta("settings", JSON.object(json).text)
        top.settings = CatalogSettings(json: json, settings: settings)
    }

    var businessZone: ZoneCalendar? { settings.timeZone.flatMap(zones.calendar) }

    /// The zone of a contact with `fields`: its own, else the business's.
    func zone(of fields: JSONObject) -> ZoneCalendar? {
        fields["time_zone"]?.string.flatMap(zones.calendar) ?? businessZone
    }

    // MARK: Names

    func contactName(_ id: Int64, _ session: StoreSession) throws -> String {
        for index in layers.indices.reversed() {
            if let name = layers[index].contactNames[id] { return name }
        }
        if let name = kept.contactNames[id] { return name }
        guard let name = try session.contactName(id) else { return "" }
        remember(contact: id, name)
        return name
    }

    func remember(contact id: Int64, _ name: String) {
        guard kept.contactNames[id] == nil else { return }
        top.contactNames[id] = name
    }

    private func keep(contact id: Int64, _ name: String) {
        if kept.contactNames.count >= Catalog.rememberedNames {
            kept.contactNames.removeAll(keepingCapacity: true)
        }
        kept.contactNames[id] = name
    }

    /// How many contacts' names are kept: some megabytes.
    private static let rememberedNames = 50_000
}

/// A business's settings, as they are stored and as they are used.
struct CatalogSettings {
    var json: JSONObject = [:]
    var settings = Settings()
}

/// What a turn, or an attempt of it, has changed of what is kept.
private struct CatalogChanges {
    /// Nil for one that was removed.
    private(set) var workflows: [String: StoredWorkflow?] = [:]
    private(set) var states: [Int64: WorkflowState?] = [:]
    var settings: CatalogSettings?
    /// Versions that were added or rewritten, as far as they were read since.
    var versions: [Int64: Version] = [:]
    private(set) var changedVersions: Set<Int64> = []
    var contactNames: [Int64: String] = [:]

    mutating func put(_ workflow: StoredWorkflow) {
        workflows.updateValue(workflow, forKey: workflow.publicID)
        states.updateValue(workflow.state, forKey: workflow.id)
    }

    mutating func remove(_ workflow: StoredWorkflow) {
        workflows.updateValue(nil, forKey: workflow.publicID)
        states.updateValue(nil, forKey: workflow.id)
    }

    mutating func change(version id: Int64) {
        versions[id] = nil
        changedVersions.insert(id)
    }

    mutating func merge(_ newer: CatalogChanges) {
        workflows.merge(newer.workflows) { $1 }
        states.merge(newer.states) { $1 }
        settings = newer.settings ?? settings
        for id in newer.changedVersions { change(version: id) }
        versions.merge(newer.versions) { $1 }
        contactNames.merge(newer.contactNames) { $1 }
    }
}

enum CatalogError: Error {
    case missingVersion(Int64)
    case missingStep(Int)
}
