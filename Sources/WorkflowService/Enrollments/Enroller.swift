import JSONLines
import WorkflowEngine
import WorkflowModel
import WorkflowProtocol
import WorkflowStore

/// Enrolls contacts, or says why not.
struct Enroller {
    let turn: Turn
    let runner: EnrollmentRunner

    /// An enrollment and whether it is new.
    struct Result {
        let stored: StoredEnrollment
        let created: Bool
    }

    /// Enrolls `contact` in the newest version of `workflow` and lets it take its first steps.
    ///
    /// A contact that is inside already, for the same record, is answered with that enrollment.
    /// - Throws: ``CommandError`` with the reason against it.
    func enroll(
        _ workflow: StoredWorkflow, _ contact: StoredContact, _ record: StoredRecord?,
        source: JSONObject
    ) throws -> Result {
        let latest = try turn.session.latestEnrollment(
            workflow: workflow.id, contact: contact.id, record: record?.id ?? 0)
        if let latest, latest.enrollment.status == .active {
            return Result(stored: latest, created: false)
        }
        try checkState(workflow)
        let version = try turn.catalog.version(workflow.version, turn.session)
        try checkReentry(version.timeline.definition.reentry, latest, at: turn.now)
        try checkRecord(version.timeline.definition.entry, type: record?.type)
        try check(version, contact, record)
        return Result(stored: try insert(workflow, contact, record, source), created: true)
    }

    private func checkState(_ workflow: StoredWorkflow) throws {
        let name = workflow.publicID
        switch workflow.state {
        case .active: return
        case .draft:
            throw CommandError(
                .workflowNotActive, "The workflow \"\(name)\" is a draft.",
                hint: "Activate it with workflow.activate.")
        case .paused:
            throw CommandError(
                .workflowPaused, "The workflow \"\(name)\" is paused and takes no new contacts.",
                hint: "Try again when it is active.")
        case .halted:
            throw CommandError(
                .workflowHalted, "The workflow \"\(name)\" is halted.",
                hint: "Try again when it is active.")
        }
    }

    /// Refuses a contact whose `latest` time in the workflow was the only one it allows, or too short a
    /// time before `moment`.
    func checkReentry(
        _ reentry: Reentry, _ latest: StoredEnrollment?, at moment: Instant
    ) throws(CommandError) {
        guard let latest else { return }
        let id = EnrollmentID.text(latest.enrollment.id)
        if reentry.rule == .never {
            throw CommandError(
                .reentryNotAllowed,
                "The contact was in this workflow before, and it allows no second time.",
                details: ["last": .string(id)], retry: .never)
        }
        guard let cooldown = reentry.cooldown, let ended = latest.ended,
            ended + cooldown.nominal > moment
        else { return }
        throw CommandError(
            .reentryNotAllowed, "The contact left this workflow too short a time ago.",
            details: [
                "last": .string(id), "allowed_from": .string((ended + cooldown.nominal).rfc3339),
            ])
    }

    /// Refuses a record of another `type` than the workflow runs for, or none.
    func checkRecord(_ entry: Entry, type given: String?) throws(CommandError) {
        guard let type = entry.record, given != type else { return }
        throw CommandError(
            .recordRequired, "This workflow runs for a record of type \"\(type)\".",
            hint: #"Add "record": {"type": "\#(type)", "id": "..."}."#, path: "args.record")
    }

    private func check(_ version: Version, _ contact: StoredContact, _ record: StoredRecord?) throws
    {
        let facts = try FactsLoader(turn: turn).facts(
            contact: contact, record: record, workflow: version.stored.workflow)
        var check = EnrollmentCheck(
            timeline: version.timeline,
            enrollment: Enrollment(id: 1, enrolled: turn.now, signalFloor: .max),
            facts: facts, now: turn.now)
        guard let refusal = check.refusal() else { return }
        throw CommandError(refusal)
    }

    private func insert(
        _ workflow: StoredWorkflow, _ contact: StoredContact, _ record: StoredRecord?,
        _ source: JSONObject
    ) throws -> StoredEnrollment {
        let new = NewEnrollment(
            workflow: workflow.id, version: workflow.version, contact: contact.id,
            record: record?.id ?? 0,
            source: source.isEmpty ? nil : JSON.object(source).text)
        let stored = try turn.session.insert(new) { id in
            Enrollment(id: id, enrolled: turn.now, signalFloor: contact.lastSignal)
        }
        turn.catalog.remember(contact: contact.id, contact.publicID)
        try turn.record(
            "enrollment.created", about: EventSubject(stored),
            source.isEmpty ? [:] : ["source": .object(source)])
        turn.count(workflow.id, "entered")
        turn.count(workflow.id, "inside")
        return try runner.run(stored, contact: contact) { machine in
            machine.begin()
            machine.proceed()
        }.stored
    }
}

extension CommandError {
    /// Why an enrollment is refused.
    init(_ refusal: EnrollmentCheck.Refusal) {
        switch refusal {
        case .missingAnchor(let field):
            self.init(
                .anchorMissing, "The field \(field), which a delay counts from, holds no date.",
                hint:
                    "Put a date such as 2026-03-01, or a moment such as 2026-03-01T10:00:00Z, there first.",
                details: ["field": .string(field)])
        case .exitHolds(let name):
            self.init(
                .exitConditionHolds, "The exit \"\(name)\" of this workflow holds already.",
                details: ["exit": .string(name)])
        case .nothingToSend:
            self.init(
                .nothingToSend, "Every message of this workflow would be too late.",
                hint: "Ask workflow.preview why.")
        case .suppressed:
            self.init(
                .contactSuppressed,
                "The contact opted out of every channel that this workflow uses.")
        }
    }
}
