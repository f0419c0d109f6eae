/// What a migration of a PostgreSQL database in use should not do.
///
/// The rules are those of which the field has lists (strong_migrations, squawk), as far as they hold for PostgreSQL 15. They
/// are about tables that exist before the step: one that it makes itself has no rows and no readers.
public enum LintRule: String, Hashable, Sendable, CaseIterable {
    /// A table, a column or something else gets another name.
    case rename
    /// A table, a column or something else is taken away in a step that is no contract.
    case dropInUse = "drop-in-use"
    /// NOT NULL of a column that exists.
    case setNotNull = "set-not-null"
    /// A new column that must have a value, and has none.
    case requiredColumn = "required-column"
    /// A new column whose value every row has to be given.
    case rewritingColumn = "rewriting-column"
    /// Another type for a column.
    case changeType = "change-type"
    /// An index that is built in one go.
    case blockingIndex = "blocking-index"
    /// An index that is dropped in one go.
    case blockingDropIndex = "blocking-drop-index"
    /// An index that is taken for there when it is invalid.
    case uncheckedIndex = "unchecked-index"
    /// A check or a foreign key that is held against all rows at once.
    case validatingConstraint = "validating-constraint"
    /// All rows are held against a constraint in the transaction that has made it.
    case validationWithConstraint = "validation-with-constraint"
    /// A constraint that builds its index.
    case indexingConstraint = "indexing-constraint"
    /// A lock of a whole table, for as long as it takes.
    case exclusiveLock = "exclusive-lock"
    /// Rows are changed, however many, in one transaction.
    case massChange = "mass-change"
    /// Something that cannot be in a transaction is in one.
    case outsideTransaction = "outside-transaction"
    /// The migration begins or ends a transaction.
    case transactionControl = "transaction-control"
    /// Something that the linter does not know.
    case unknown
    /// A rule is accepted that nothing breaks.
    case unusedAcceptance = "unused-acceptance"

    /// Why.
    public var reason: String {
        switch self {
        case .rename: "the program before asks for the old name, and the one after for the new one"
        case .dropInUse: "the program before still uses it"
        case .setNotNull: "the table is read from end to end while nobody can read or write it"
        case .requiredColumn: "it fails where the table has rows, and the program before does not fill it"
        case .rewritingColumn: "the whole table is written anew while nobody can read or write it"
        case .changeType: "the whole table is written anew while nobody can read or write it"
        case .blockingIndex: "nobody can write to the table until the index is built"
        case .blockingDropIndex: "it waits for all who use the table, and all who come later wait for it"
        case .uncheckedIndex: "an invalid index that a failed attempt has left is taken for the index"
        case .validatingConstraint: "the table is read from end to end while nobody can write to it"
        case .validationWithConstraint: "the lock that adding it took is kept while the table is read from end to end"
        case .indexingConstraint: "nobody can read or write the table until its index is built"
        case .exclusiveLock: "nobody can read or write the table until it is done"
        case .massChange: "each row that it changes stays locked until all are changed"
        case .outsideTransaction: "PostgreSQL refuses it in a transaction"
        case .transactionControl: "the migrator makes a step and its record one transaction"
        case .unknown: "nobody has said what it locks"
        case .unusedAcceptance: "what is accepted and not there hides what comes later"
        }
    }

    /// What to do instead.
    public var safeForm: String {
        switch self {
        case .rename: "add the new one, write both, fill it, and drop the old one a release later"
        case .dropInUse: "first a release that does not use it, then a step of the phase contract"
        case .setNotNull:
            "ADD CONSTRAINT ... CHECK (... IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT in a later step; then SET NOT NULL "
                + "reads nothing"
        case .requiredColumn: "add it without NOT NULL, fill it by a backfill, then require it as for set-not-null"
        case .rewritingColumn:
            "add it without the default, set the default for new rows, and fill the others by a backfill"
        case .changeType: "add a column of the new type, write both, fill it, and drop the old one a release later"
        case .blockingIndex:
            "a migration of the kind concurrent index: CREATE INDEX CONCURRENTLY outside of a transaction"
        case .blockingDropIndex: "DROP INDEX CONCURRENTLY outside of a transaction"
        case .uncheckedIndex: "a migration of the kind concurrent index, which looks whether it is valid"
        case .validatingConstraint: "ADD CONSTRAINT ... NOT VALID, and VALIDATE CONSTRAINT in a later step"
        case .validationWithConstraint: "VALIDATE CONSTRAINT in a step of its own"
        case .indexingConstraint: "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... USING INDEX"
        case .exclusiveLock: "do without: autovacuum, DELETE in batches, REINDEX CONCURRENTLY"
        case .massChange: "a migration of the kind backfill"
        case .outsideTransaction: "a step of its own that is not one transaction"
        case .transactionControl: "leave it out"
        case .unknown: "say it in a statement that the linter knows, or accept it with the reason"
        case .unusedAcceptance: "take it out"
        }
    }
}
