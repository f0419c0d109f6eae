package import Database
package import Domain
package import Events

/// The log of events and the places of its consumers in a database; for the thread of its session.
package struct SQLOutbox: Outbox {
    private let session: DatabaseSession
    private let unitOfWork: SQLUnitOfWork

    /// Takes the session of this thread, whose commits are durable when they return.
    package init(_ session: DatabaseSession) {
        self.session = session
        unitOfWork = SQLUnitOfWork(session)
    }

    package func place(of consumer: String) throws -> Place? {
        try session.row(ConsumerStatements.place, consumer) { row in
            Place(
                sequence: try row.int64(0),
                turn: try row.int64(1),
                failures: try row.int(2),
                failingSince: try row.optionalInt64(3),
                dueAt: try row.int64(4),
                reason: try row.string(5)
            )
        }
    }

    package func events(after sequence: Int64, limit: Int) throws -> [Event] {
        // On PostgreSQL others see a commit once it is durable, and an event once it has a number. They get theirs before
        // the look, not where it finds too few: what somebody else numbers between the two would be missed until the next.
        if session.dialect == .postgreSQL { _ = try numberEvents() }
        let events = try session.rows(EventStatements.after, sequence, limit) { try $0.event() }
        // On SQLite they see it a moment before it is sure to survive power loss. A transaction of our own, be it empty, is
        // durable only with all that were committed before it.
        if session.dialect == .sqlite, !events.isEmpty { try session.write { _ in } }
        return events
    }

    /// Gives events their numbers, on PostgreSQL; see ``EventNumberStatements``.
    ///
    /// - Returns: Whether there were any.
    package func numberEvents() throws -> Bool {
        guard try session.row(EventNumberStatements.waiting, read: { _ in true }) != nil else { return false }
        return try session.write { try $0.numberEvents() } > 0
    }

    package func due(for consumer: String, at instant: Int64, limit: Int) throws -> [HeldEvent] {
        try session.rows(ConsumerStatements.due, consumer, instant, limit) { row in
            HeldEvent(
                event: try row.event(),
                attempts: try row.int(7),
                since: try row.int64(8),
                state: .due(at: try row.int64(9)),
                reason: try row.string(10)
            )
        }
    }

    package func nextDue(for consumer: String) throws -> Int64? {
        try session.row(ConsumerStatements.nextDue, consumer) { try $0.int64(0) }
    }

    package func heldSubjects(of consumer: String, among subjects: Set<String>) throws -> Set<String> {
        guard try session.row(ConsumerStatements.isHolding, consumer, read: { _ in true }) != nil else { return [] }
        return try subjects.filter { subject in
            try session.row(ConsumerStatements.isHoldingSubject, consumer, try Self.id(subject)) { _ in true } != nil
        }
    }

    package func settle(_ settlement: Settlement, effects: (any Transaction) throws -> Void) throws -> Bool {
        try unitOfWork.withTransaction { transaction, domain in
            let (name, place) = (settlement.consumer, settlement.place)
            let moved = try transaction.execute(
                ConsumerStatements.move,
                name,
                settlement.expected.turn,
                place.sequence,
                place.turn,
                place.failures,
                place.failingSince,
                place.dueAt,
                place.reason
            )
            guard moved == 1 else { return false }
            for event in settlement.released {
                try transaction.execute(ConsumerStatements.release, name, event.sequence)
            }
            for held in settlement.held {
                try transaction.execute(
                    ConsumerStatements.hold,
                    name,
                    held.event.sequence,
                    try Self.id(held.event.subject),
                    held.attempts,
                    held.since,
                    held.dueAt,
                    held.givenUpAt,
                    held.reason
                )
            }
            for subject in settlement.promoted {
                try transaction.execute(
                    ConsumerStatements.promote,
                    name,
                    try Self.id(subject),
                    settlement.instant
                )
            }
            try effects(domain)
            return true
        }
    }

    private static func id(_ subject: String) throws -> DatabaseValue {
        guard let id = UUID(subject) else { throw StorageFault("the subject of an event is no id") }
        return id.databaseValue
    }
}

extension HeldEvent {
    fileprivate var dueAt: Int64? { if case .due(let instant) = state { instant } else { nil } }
    fileprivate var givenUpAt: Int64? { if case .givenUp(let instant) = state { instant } else { nil } }
}

extension Row {
    /// Reads ``EventStatements/columns``, which stand first.
    func event() throws -> Event {
        Event(
            sequence: try int64(0),
            id: try uuid(1).description,
            type: try string(2),
            microseconds: try int64(3),
            subject: try uuid(4).description,
            traceparent: try optionalString(5),
            data: try string(6)
        )
    }
}
