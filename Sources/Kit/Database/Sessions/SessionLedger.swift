/// What a session counts, notes and tells, whichever engine does the work.
@usableFromInline final class SessionLedger {
    let registry: StatementRegistry

    /// What is told of commits.
    let observer: (any CommitObserver)?

    /// Where commits leave what they have changed.
    let log: CommitLog?

    /// What is told of what all this costs.
    var costObserver: (any SessionObserver)?

    /// What the transaction that is open has changed; nothing is collected where nobody wants to know.
    private(set) var committing = CommittedChanges()

    /// Whether anybody wants to know.
    private let isNoting: Bool

    // How many statements were run.
    @usableFromInline var runCount = 0

    init(registry: StatementRegistry, observer: (any CommitObserver)?, log: CommitLog? = nil) {
        self.registry = registry
        self.observer = observer
        self.log = log
        isNoting = observer != nil || log != nil
    }

    /// Refuses a statement that the session may not run.
    func requireKnown(_ definition: StatementDefinition) throws {
        guard registry.contains(definition) else {
            throw DatabaseError.misuse("the statement is not in the session's registry", statement: definition.id)
        }
    }

    /// Notes that a statement which writes is about to be run.
    @usableFromInline func note(_ definition: StatementDefinition) {
        if isNoting { committing.add(definition) }
    }

    /// Notes a parameter of a statement which writes, if it is the id of a row.
    @usableFromInline func note(_ definition: StatementDefinition, _ value: DatabaseValue, at parameter: Int) {
        guard isNoting else { return }
        for (table, number) in definition.rows where number == parameter { committing.add(table, value) }
    }

    /// Notes what another transaction has changed, so that this one tells of it too.
    func note(_ changes: CommittedChanges) {
        if isNoting { committing.add(changes) }
    }

    /// Forgets what was noted: nothing of it has come to be.
    func forgetChanges() {
        committing = CommittedChanges()
    }

    /// What the commit has to leave in the log, if there is one and anything to tell.
    var entry: DatabaseValue? { log?.entry(of: committing) }

    /// Tells the observer what was noted, and begins anew.
    func announceChanges() {
        guard !committing.isEmpty else { return }
        let changes = committing
        committing = CommittedChanges()
        observer?.committed(changes)
    }
}
