package import Domain
import Testing

/// What every store promises, as checks that run over any of them.
///
/// A suite for a store passes `RepositoryContract.checks` as arguments to one
/// test and gives each check a factory of empty stores:
///
///     @Test(arguments: RepositoryContract.checks)
///     func `the store in memory holds its contract`(check: ContractCheck) throws {
///         try check.run { MemoryUnitOfWork() }
///     }
package enum RepositoryContract {
    /// All checks.
    package static let checks =
        units + users + userPages + userLists + userNumbers + sessions + keys
        + receipts + confirmations + audit + webhooks
}

/// One promise of a store, and how it is checked.
package struct ContractCheck: Sendable, CustomTestStringConvertible {
    /// The promise, as a sentence.
    package let testDescription: String

    private let body: @Sendable (any UnitOfWork) throws -> Void

    init(_ promise: String, _ body: @escaping @Sendable (any UnitOfWork) throws -> Void) {
        testDescription = promise
        self.body = body
    }

    /// Checks the promise on a new store; records an issue for each thing that is not as promised.
    package func run(on makeUnitOfWork: () throws -> any UnitOfWork) throws {
        try body(makeUnitOfWork())
    }
}

extension UnitOfWork {
    /// Stores users, each in a transaction of its own.
    func store(_ users: User...) throws {
        for user in users {
            try perform { try $0.users.insert(user, passwordHash: nil) }
        }
    }

    /// What is stored of a user now.
    func storedUser(_ id: UserID) throws -> User? {
        try read { try $0.users.find(id) }
    }

    /// The session that is stored under a digest now.
    func storedSession(_ tokenDigest: TokenDigest) throws -> Session? {
        try read { try $0.sessions.find(tokenDigest)?.session }
    }
}
