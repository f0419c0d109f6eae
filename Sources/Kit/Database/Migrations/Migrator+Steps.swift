internal import Linux

/// How a migration of each kind is taken, and taken back.
extension Migrator {
    /// - Returns: Whether there was anything to do.
    func take(
        _ migration: Migration,
        _ history: any SchemaHistory,
        _ observe: (MigrationEvent) throws -> Void
    ) throws -> Bool {
        try observe(.began(migration))
        let start = ContinuousClock.now
        let isNew =
            switch migration.kind {
            case .concurrentIndex(let index):
                if let builder = history.indexBuilder {
                    try takeIndex(index, migration, builder, history, since: start, observe)
                } else {
                    try takeScript(migration, history, since: start, observe)
                }
            case .backfill(let backfill): try takeBackfill(backfill, migration, history, since: start, observe)
            case .script: try takeScript(migration, history, since: start, observe)
            }
        if isNew { try observe(.finished(migration)) }
        return isNew
    }

    private func takeScript(
        _ migration: Migration,
        _ history: any SchemaHistory,
        since start: ContinuousClock.Instant,
        _ observe: (MigrationEvent) throws -> Void
    ) throws -> Bool {
        try history.step(migration) {
            guard try isNext(migration, history) else { return false }
            try run(migration.up(history.dialect), of: migration, history, observe)
            try record(migration, history, since: start)
            return true
        }
    }

    private func takeIndex(
        _ index: ConcurrentIndex,
        _ migration: Migration,
        _ builder: any IndexBuilder,
        _ history: any SchemaHistory,
        since start: ContinuousClock.Instant,
        _ observe: (MigrationEvent) throws -> Void
    ) throws -> Bool {
        let mayGoOn = try begin(migration, history, observe) {
            // It would be taken for this migrator's own by whoever goes on.
            guard try !builder.isWhole(index) else {
                throw MigrationError.indexExists(id: migration.id, name: migration.name, index: index.name)
            }
        }
        guard mayGoOn else { return false }
        try builder.build(index, of: migration)
        try observe(.built(migration))
        return try end(migration, history, since: start)
    }

    private func takeBackfill(
        _ backfill: Backfill,
        _ migration: Migration,
        _ history: any SchemaHistory,
        since start: ContinuousClock.Instant,
        _ observe: (MigrationEvent) throws -> Void
    ) throws -> Bool {
        guard try begin(migration, history, observe) else { return false }
        while true {
            let batchStart = ContinuousClock.now
            var progress: MigrationUnderway?
            let hasWorked = try history.step(migration) {
                // On SQLite another migrator may have come first.
                guard try history.underway()?.id == migration.id,
                    try history.number(MigrationUnderway.hasMoreRows) != 0
                else { return false }
                try run(backfill.batch, of: migration, history, observe)
                progress = try history.underway()
                return true
            }
            guard hasWorked else { return try end(migration, history, since: start) }
            if let progress { try observe(.advanced(migration, rows: progress.rows, total: progress.total)) }
            let rest = backfill.rest(after: batchStart.duration(to: .now))
            _ = Semaphore(permits: 0).wait(nanoseconds: rest.milliseconds * 1_000_000)
        }
    }

    /// - Returns: Whether there was anything to take back.
    func takeBack(
        _ migration: Migration,
        _ history: any SchemaHistory,
        _ observe: (MigrationEvent) throws -> Void
    ) throws -> Bool {
        guard case .statements(let statements) = migration.down(history.dialect) else { return false }
        try observe(.began(migration))
        let isNew: Bool
        if case .concurrentIndex(let index) = migration.kind, let builder = history.indexBuilder {
            isNew = try takeBackIndex(index, migration, builder, history, observe)
        } else {
            isNew = try history.step(migration) {
                let isUnderway = try history.underway()?.id == migration.id
                let isApplied = try history.read()[migration.id] != nil
                guard isUnderway || isApplied else { return false }
                try requireLast(migration, history)
                try run(statements, of: migration, history, observe)
                if isUnderway { try history.run([MigrationUnderway.removal], of: migration) }
                if isApplied { try history.delete(migration) }
                return true
            }
        }
        if isNew { try observe(.finished(migration)) }
        return isNew
    }

    private func takeBackIndex(
        _ index: ConcurrentIndex,
        _ migration: Migration,
        _ builder: any IndexBuilder,
        _ history: any SchemaHistory,
        _ observe: (MigrationEvent) throws -> Void
    ) throws -> Bool {
        _ = try history.step(migration) {
            guard try history.read()[migration.id] != nil else { return false }
            try requireLast(migration, history)
            // Without the index it is applied no more, whoever dies now.
            try history.delete(migration)
            try history.run([MigrationUnderway.creation(of: migration, history.dialect)], of: migration)
            return true
        }
        guard try history.underway()?.id == migration.id else { return false }
        try observe(.underway(migration))
        try builder.drop(index, of: migration)
        try observe(.built(migration))
        return try history.step(migration) {
            try history.run([MigrationUnderway.removal], of: migration)
            return true
        }
    }

    // MARK: - Whose turn it is

    /// Whether a migration is still to be taken.
    ///
    /// Asked inside its transaction: other migrators may have gone either way since this one has looked.
    private func isNext(_ migration: Migration, _ history: any SchemaHistory) throws -> Bool {
        let (applied, underway) = (try history.read(), try history.underway())
        try check(applied, underway, history.dialect)
        guard applied[migration.id] == nil else { return false }
        let missing = migrations.first { $0.id < migration.id && applied[$0.id] == nil }?.id
        if let other = missing ?? underway.flatMap({ $0.id == migration.id ? nil : $0.id }) {
            throw MigrationError.outOfTurn(id: migration.id, name: migration.name, because: other)
        }
        return true
    }

    /// Refuses to take a migration back before a later one.
    private func requireLast(_ migration: Migration, _ history: any SchemaHistory) throws {
        if let later = try history.begun().max(), later > migration.id {
            throw MigrationError.outOfTurn(id: migration.id, name: migration.name, because: later)
        }
    }

    // MARK: - Migrations of several transactions

    /// Records that a migration is underway, unless a migrator before has.
    ///
    /// - Returns: Whether there is anything to do.
    private func begin(
        _ migration: Migration,
        _ history: any SchemaHistory,
        _ observe: (MigrationEvent) throws -> Void,
        _ requireClear: () throws -> Void = {}
    ) throws -> Bool {
        let isNew = try history.step(migration) {
            guard try isNext(migration, history), try history.underway() == nil else { return false }
            try requireClear()
            try history.run([MigrationUnderway.creation(of: migration, history.dialect)], of: migration)
            return true
        }
        if isNew { try observe(.underway(migration)) }
        return try history.underway()?.id == migration.id
    }

    /// Records that it is applied, unless another migrator has.
    private func end(
        _ migration: Migration,
        _ history: any SchemaHistory,
        since start: ContinuousClock.Instant
    ) throws -> Bool {
        try history.step(migration) {
            guard try history.underway()?.id == migration.id else { return false }
            try history.run([MigrationUnderway.removal], of: migration)
            try record(migration, history, since: start)
            return true
        }
    }

    private func run(
        _ statements: [String],
        of migration: Migration,
        _ history: any SchemaHistory,
        _ observe: (MigrationEvent) throws -> Void
    ) throws {
        for statement in statements {
            try history.run([statement], of: migration)
            try observe(.ran(migration))
        }
    }

    private func record(
        _ migration: Migration,
        _ history: any SchemaHistory,
        since start: ContinuousClock.Instant
    ) throws {
        let checksum = migration.checksum(history.dialect)
        try history.insert(migration, checksum: checksum, duration: start.duration(to: .now))
    }
}

extension SchemaHistory {
    /// The migrations that are applied or underway, by id.
    func begun() throws -> Set<Int> {
        try Set(read().keys).union(underway().map { [$0.id] } ?? [])
    }
}
