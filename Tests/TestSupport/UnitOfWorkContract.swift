import Domain
import Testing

extension RepositoryContract {
    /// What a unit of work promises.
    static let units: [ContractCheck] = [
        ContractCheck("a transaction gives back what its closure returns") { unitOfWork in
            let answers = try (unitOfWork.perform { _ in 42 }, unitOfWork.read { _ in "read" })
            #expect(answers == (42, "read"))
        },
        ContractCheck("a change is seen inside its transaction and after it") { unitOfWork in
            let inside = try unitOfWork.perform { transaction in
                try transaction.users.insert(.fixture(1), passwordHash: nil)
                return try transaction.users.find(.fixture(1))
            }
            #expect(inside == .fixture(1))
            #expect(try unitOfWork.storedUser(.fixture(1)) == .fixture(1))
        },
        ContractCheck("a closure that throws leaves everything as it was, and its error arrives") { unitOfWork in
            struct Interruption: Error {}
            try unitOfWork.store(.fixture(1))
            try unitOfWork.perform { try $0.sessions.insert(.fixture(1), tokenDigest: .fixture(1)) }
            #expect(throws: Interruption.self) {
                try unitOfWork.perform { transaction in
                    try transaction.users.insert(.fixture(2), passwordHash: nil)
                    _ = try transaction.users.update(.fixture(1, name: "Changed"))
                    try transaction.users.setPasswordHash(PasswordHash("changed"), of: .fixture(1))
                    try transaction.sessions.deleteAll(of: .fixture(1))
                    throw Interruption()
                }
            }
            #expect(try unitOfWork.storedUser(.fixture(1)) == .fixture(1))
            #expect(try unitOfWork.storedUser(.fixture(2)) == nil)
            #expect(try unitOfWork.read { try $0.users.credentials(of: .fixture(1)) }?.passwordHash == nil)
            #expect(try unitOfWork.storedSession(.fixture(1)) == .fixture(1))
        },
        ContractCheck("a refused change takes all changes of its transaction with it") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            #expect(throws: DomainError.conflict("email")) {
                try unitOfWork.perform { transaction in
                    try transaction.users.insert(.fixture(2), passwordHash: nil)
                    try transaction.users.insert(.fixture(3, email: "user1@example.com"), passwordHash: nil)
                }
            }
            #expect(try unitOfWork.read { try $0.users.count() } == 1)
        },
        ContractCheck("a unit of work goes on after an error") { unitOfWork in
            struct Interruption: Error {}
            #expect(throws: Interruption.self) { try unitOfWork.perform { _ in throw Interruption() } }
            #expect(throws: Interruption.self) { try unitOfWork.read { _ in throw Interruption() } }
            try unitOfWork.store(.fixture(1))
            #expect(try unitOfWork.storedUser(.fixture(1)) == .fixture(1))
        },
    ]
}
