internal import Database
internal import Events
internal import Storage

/// Tells the processes of the machine what a commit means for them: what they remember has become old, and where something
/// happened, the relays have work.
struct CommitAnnouncement: CommitObserver {
    let invalidation: CacheInvalidation
    let signal: EventSignal

    func committed(_ changes: CommittedChanges) {
        invalidation.committed(changes)
        if changes.tables.contains(Statements.tableOfEvents) { signal.announce() }
    }
}
