internal import Database

/// What the repositories in SQL have in common: one transaction, in which they may or may not make changes.
protocol SQLRepository {
    /// What reads.
    var reader: DatabaseReader { get }
    /// What makes changes; nil in a transaction that only reads.
    var transaction: DatabaseTransaction? { get }
    /// What keeps look-ups; nil in a transaction, which sees one state of the database and no other.
    var cache: StorageCache? { get }
}

extension SQLRepository {
    /// What makes changes.
    ///
    /// Throws a fault in a transaction that only reads: the program is wrong, not the caller.
    func writing() throws -> DatabaseTransaction {
        guard let transaction else { throw StorageFault("\(Self.self) was asked for a change in a read transaction") }
        return transaction
    }
}
