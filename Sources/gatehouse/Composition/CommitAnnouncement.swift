internal import Database
internal import Events
internal import Storage

/// Tells the processes of the machine what a commit means for them: what they remember has become old, where something
/// happened the relays have work, and other hosts on the same database can be told that there is something to read.
struct CommitAnnouncement: CommitObserver {
    let invalidation: CacheInvalidation
    let events: EventSignal
    /// Nil where there are no other hosts.
    let commits: EventSignal?

    func committed(_ changes: CommittedChanges) {
        invalidation.committed(changes)
        let hasHappened = changes.tables.contains(Statements.tableOfEvents)
        if hasHappened { events.announce() }
        if let commits, hasHappened || ChangeLog.commits.tells(of: changes) { commits.announce() }
    }
}
