/// What a session counts, notes and tells, whichever engine does the work.
@usableFromInline final class SessionLedger {
    let registry: StatementRegistry

    /// What is told of commits.
    let observer: (any CommitObserver)?

    /// What is told of what all this costs.
    var costObserver: (any SessionObserver)?

    /// What the transaction that is open has changed; nothing is collected where nobody wants to know.
    private(set) var committing = CommittedChanges()

    // How many statements were run.
    @usableFromInline var runCount = 0

    init(registry: StatementRegistry, observer: (any CommitObserver)?) {
        self.registry = registry
        self.observer = observer
    }

    /// Refuses a statement that the session may not run.
    func requireKnown(_ definition: StatementDefinition) throws {
        guard registry.contains(definition) else {
            throw DatabaseError.misuse("the statement is not in the session's registry", statement: definition.id)
        }
    }

    /// Notes that a statement which writes is about to be run.
    @usableFromInline func note(_ definition: StatementDefinition) {
        if observer != nil { committing.add(definition) }
    }

    /// Notes a parameter of a statement which writes, if it is the id of a row.
    @usableFromInline func note(_ definition: StatementDefinition, _ value: DatabaseValue, at parameter: Int) {
        guard observer != nil else { return }
        for (table, number) in definition.rows where number == parameter { committing.add(table, value) }
    }

    /// Notes what another transaction has changed, so that this one tells of it too.
    func note(_ changes: CommittedChanges) {
        if observer != nil { committing.add(changes) }
    }

    /// Forgets what was noted: nothing of it has come to be.
    func forgetChanges() {
        committing = CommittedChanges()
    }

    /// Tells the observer what was noted, and begins anew.
    func announceChanges() {
        guard let observer, !committing.isEmpty else { return }
        let changes = committing
        committing = CommittedChanges()
        observer.committed(changes)
    }
}
