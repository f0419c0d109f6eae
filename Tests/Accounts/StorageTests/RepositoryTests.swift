import Storage
import StorageTestSupport
import TestSupport
import Testing

/// The repositories in SQL keep the contract that the fakes keep.
@Suite struct RepositoryTests {
    @Test(arguments: RepositoryContract.checks)
    func `SQLite keeps the contract of the repositories`(check: ContractCheck) throws {
        let database = try ScratchDatabase()
        try check.run { SQLUnitOfWork(database.session) }
    }

    @Test(arguments: RepositoryContract.checks)
    func `PostgreSQL keeps the contract of the repositories`(check: ContractCheck) throws {
        let session = try ScratchPostgreSQL().session
        try check.run { NumberingUnitOfWork(session) }
    }
}
