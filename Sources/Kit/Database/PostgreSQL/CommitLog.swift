internal import PostgreSQL

/// Where each commit leaves what it has changed, for those who share the server and no memory.
///
/// The statement travels with the COMMIT, so that it costs no round trip; and it is part of the transaction, so that there
/// is no change without it.
public struct CommitLog: Sendable {
    let statement: Statement
    /// The tables of which others remember something; of what changes no other nothing is told.
    private let tables: Set<String>

    /// Takes the statement that stores its only parameter, which is ``CommittedChanges/text``, and the tables for whose
    /// changes it is run.
    public init(_ definition: StatementDefinition, of tables: Set<String>) {
        statement = Statement(definition.id, sql: definition.postgreSQL)
        self.tables = tables
    }

    /// Whether anything is told of these changes.
    public func tells(of changes: CommittedChanges) -> Bool { !changes.limited(to: tables).isEmpty }

    /// What is to be told of these changes, if anything is.
    func entry(of changes: CommittedChanges) -> DatabaseValue? {
        let told = changes.limited(to: tables)
        return told.isEmpty ? nil : .text(told.text)
    }
}
