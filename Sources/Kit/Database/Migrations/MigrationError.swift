/// Why the schema is not brought to the state that was asked for.
///
/// The facts only: which command of the program mends it, its caller knows.
public enum MigrationError: Error, Hashable, Sendable {
    /// The list of migrations is wrong: ids must be positive and ascend.
    case wrongOrder(id: Int)
    /// There is no migration of this number to go to.
    case unknownTarget(Int)
    /// A migration was changed after it had been applied to this database.
    case edited(id: Int, name: String)
    /// The database has a migration that this program does not know: a newer
    /// program was here, or a migration was removed from the list.
    case databaseIsNewer(id: Int, name: String, programVersion: Int)
    /// The file is marked as a database of another program.
    case foreign(applicationID: Int64)
    /// A migration was not applied though a later one was.
    case skipped(id: Int, name: String)
    /// A migration is not the next one, because of another: somebody else migrates the other way.
    case outOfTurn(id: Int, name: String, because: Int)
    /// A migration is applied, and recorded as underway too.
    case appliedAndUnderway(id: Int, name: String)
    /// A migration in the way back cannot be undone; nothing was done.
    case irreversible(id: Int, name: String, reason: String)
    /// The migration ended its transaction by itself; it must not contain
    /// COMMIT, ROLLBACK or BEGIN.
    case endedTransaction(id: Int, name: String)
    /// After a migration that rebuilds tables rows of this table refer to
    /// nothing; it was rolled back.
    case danglingReferences(id: Int, name: String, table: String)
    /// There is an index of this name already, which no migration has built.
    case indexExists(id: Int, name: String, index: String)
}

extension MigrationError: CustomStringConvertible {
    /// A sentence for the operator.
    public var description: String {
        switch self {
        case .wrongOrder(let id):
            "migration \(id) is out of order: ids must be positive and ascend"
        case .unknownTarget(let id):
            "there is no migration \(id)"
        case .edited(let id, let name):
            "migration \(id) (\(name)) was changed after it had been applied"
        case .databaseIsNewer(let id, let name, let version):
            "the database has migration \(id) (\(name)), but this program knows migrations up to \(version)"
        case .foreign(let id):
            "the database belongs to another program (application id \(id))"
        case .skipped(let id, let name):
            "migration \(id) (\(name)) was not applied, but a later one was"
        case .outOfTurn(let id, let name, let other):
            "migration \(id) (\(name)) is not the next one, because of migration \(other): another migrator is at work"
        case .appliedAndUnderway(let id, let name):
            "migration \(id) (\(name)) is applied, and in \(MigrationUnderway.table) it is said to be underway"
        case .irreversible(let id, let name, let reason):
            "migration \(id) (\(name)) cannot be undone: \(reason)"
        case .endedTransaction(let id, let name):
            "migration \(id) (\(name)) ended its transaction by itself"
        case .danglingReferences(let id, let name, let table):
            "after migration \(id) (\(name)) rows of \(table) would refer to nothing"
        case .indexExists(let id, let name, let index):
            "migration \(id) (\(name)) would build the index \(index), and there is one that no migration has built"
        }
    }
}
