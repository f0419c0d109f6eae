package import Database

/// Every statement that the program may run, so that its plan can be checked.
package enum Statements {
    /// All of them.
    package static func registry() throws -> StatementRegistry {
        try StatementRegistry(
            UserStatements.all + SessionStatements.all + APIKeyStatements.all + ReceiptStatements.all
                + HealthStatements.all
        )
    }
}
