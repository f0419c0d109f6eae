package import Database

/// Every statement that the program may run, so that its plan can be checked.
package enum Statements {
    /// The table in which a commit tells what happened.
    package static let tableOfEvents = "events"

    /// All of them that an engine takes.
    package static func registry(for dialect: SQLDialect = .sqlite) throws -> StatementRegistry {
        try StatementRegistry(dialect == .postgreSQL ? onBoth + onPostgreSQL : onBoth)
    }

    static let onBoth =
        UserStatements.all + SessionStatements.all + APIKeyStatements.all + ReceiptStatements.all
        + ConfirmationStatements.all + EventStatements.all + ConsumerStatements.all + AuditStatements.all
        + WebhookStatements.all + HealthStatements.all

    private static let onPostgreSQL = EventNumberStatements.all + ChangeLogStatements.all + LeaseStatements.all
}
