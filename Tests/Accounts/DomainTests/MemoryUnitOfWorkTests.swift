import Domain
import TestSupport
import Testing

struct MemoryUnitOfWorkTests {
    @Test(arguments: RepositoryContract.checks, [true, false])
    func `the store in memory holds the contract`(check: ContractCheck, rehearses: Bool) throws {
        try check.run { MemoryUnitOfWork(rehearses: rehearses) }
    }

    @Test func `a closure runs twice, the first time in vain`() throws {
        let unitOfWork = MemoryUnitOfWork()
        var runs = 0
        try unitOfWork.perform { transaction in
            runs += 1
            try transaction.users.insert(.fixture(), passwordHash: nil)
        }
        #expect(runs == 2)
        #expect(try unitOfWork.read { try $0.users.count() } == 1)
    }

    @Test func `a change by a closure that should only read is refused`() throws {
        let unitOfWork = MemoryUnitOfWork()
        #expect(throws: MemoryFault.changeInRead) {
            try unitOfWork.read { try $0.users.insert(.fixture(), passwordHash: nil) }
        }
        #expect(try unitOfWork.read { try $0.users.count() } == 0)
    }

    @Test func `a transaction inside another is refused`() {
        let unitOfWork = MemoryUnitOfWork()
        #expect(throws: MemoryFault.transactionInTransaction) {
            try unitOfWork.perform { _ in try unitOfWork.read { _ in } }
        }
        #expect(!unitOfWork.isInTransaction)
    }
}
