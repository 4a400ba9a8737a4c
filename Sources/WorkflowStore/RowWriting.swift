import JSONLines
import OrderedCollections
import WorkflowModel

/// The statements that write rows, one for each image.
extension StoreSession {
    /// Writes `pending`, in the order in which it was decided within each table.
    func write(_ pending: PendingRows) throws {
        for contact in pending.contacts.values { try write(contact) }
        for record in pending.records.values { try write(record) }
        for enrollment in pending.enrollments.values { try write(enrollment) }
        for message in pending.messages.values { try write(message) }
        for signal in pending.signals { try write(signal) }
        for (id, at) in pending.signalIDs {
            try connection.run(
                "INSERT INTO signal_id VALUES (?, ?)", [id.text, at.milliseconds])
        }
        for event in pending.events { try write(event) }
        for (name, seq) in pending.newFamilies {
            try connection.run("INSERT OR REPLACE INTO family VALUES (?, ?)", [name, seq])
        }
        let sums = Dictionary(pending.counts.map { ($0.key, $0.delta) }, uniquingKeysWith: +)
        for (key, sum) in sums { try write(key, by: sum) }
        for (key, reply) in pending.replies {
            try connection.run(
                "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?)",
                [key.text, reply.command, reply.reply, reply.at.milliseconds])
        }
    }

    private func write(_ pending: PendingRow<StoredContact>) throws {
        let contact = pending.row
        let channels = contact.suppression.channels.sorted().joined(separator: " ")
        let values: [(any Bindable)?] = [
            contact.fields, contact.suppression.all, channels.isEmpty ? nil : channels,
            contact.lastSignal, contact.erased,
        ]
        if pending.isNew {
            try connection.run(
                """
                INSERT INTO contact (fields, suppressed_all, suppressed_channels, last_signal, erased, \
                id, public_id) VALUES (?, ?, ?, ?, ?, ?, ?)
                """, values + [contact.id, contact.publicID])
        } else {
            try connection.run(
                """
                UPDATE contact SET fields = ?, suppressed_all = ?, suppressed_channels = ?, \
                last_signal = ?, erased = ? WHERE id = ?
                """, values + [contact.id])
        }
    }

    private func write(_ pending: PendingRow<StoredRecord>) throws {
        let record = pending.row
        if pending.isNew {
            try connection.run(
                "INSERT INTO record (id, type, public_id, fields, erased) VALUES (?, ?, ?, ?, ?)",
                [record.id, record.type, record.publicID, record.fields, record.erased])
        } else {
            try connection.run(
                "UPDATE record SET fields = ?, erased = ? WHERE id = ?",
                [record.fields, record.erased, record.id])
        }
    }

    private func write(_ pending: PendingRow<StoredEnrollment>) throws {
        let stored = pending.row
        let enrollment = stored.enrollment
        let values: [(any Bindable)?] = [
            enrollment.status.rawValue, enrollment.phase.rawValue, enrollment.node,
            enrollment.enrolled.milliseconds, enrollment.reached.milliseconds,
            enrollment.due?.milliseconds, try number(of: enrollment.lane), enrollment.variant,
            enrollment.attempt, enrollment.hold?.rawValue,
            TrailCoding.encode(
                .init(trail: enrollment.trail, planned: enrollment.planned),
                from: enrollment.enrolled), enrollment.exit,
            enrollment.signalFloor, stored.ended?.milliseconds, enrollment.id,
        ]
        if pending.isNew {
            try connection.run(
                """
                INSERT INTO enrollment (status, phase, node, enrolled, reached, due, lane, variant, \
                attempt, hold, trail, exit, signal_floor, ended, id, workflow_id, version_id, \
                contact_id, record_id, source) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                values + [
                    stored.workflow, stored.version, stored.contact, stored.record, stored.source,
                ])
        } else {
            try connection.run(
                """
                UPDATE enrollment SET status = ?, phase = ?, node = ?, enrolled = ?, reached = ?, \
                due = ?, lane = ?, variant = ?, attempt = ?, hold = ?, trail = ?, exit = ?, \
                signal_floor = ?, ended = ? WHERE id = ?
                """, values)
        }
    }

    private func write(_ message: StoredMessage) throws {
        try connection.run(
            "INSERT OR REPLACE INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                message.address.enrollment, message.address.node, message.address.variant,
                message.state.rawValue, message.channel, message.attempt, message.request,
                message.seq,
            ])
    }

    private func write(_ signal: PendingSignal) throws {
        try connection.run(
            """
            INSERT INTO signal (id, contact_id, record_id, name, at, data, enrollment_id) \
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                signal.stored.id, signal.contact, signal.record, signal.stored.name,
                signal.stored.at.milliseconds, signal.stored.data, signal.enrollment,
            ])
    }

    private func write(_ event: StoredEvent) throws {
        try connection.run(
            """
            INSERT INTO history (seq, prev, type, at, version_id, contact_id, record_id, \
            enrollment_id, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                event.seq, event.prev, event.type, event.at.milliseconds, event.version,
                event.contact, event.record, event.enrollment, event.body,
            ])
    }

    private func write(_ key: CountKey, by delta: Int) throws {
        guard delta != 0 else { return }
        try connection.run(
            """
            INSERT INTO statistic VALUES (?, ?, ?, ?) \
            ON CONFLICT DO UPDATE SET count = count + excluded.count
            """, [key.workflow, key.step.text, key.metric.text, delta])
    }
}
