package import Domain
import Testing

extension RepositoryContract {
    /// What a repository of what is confirmed by mail promises.
    static let confirmations: [ContractCheck] = [
        ContractCheck("what is to be confirmed comes back as stored, by its id and by its token") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            let change = Domain.Confirmation(
                id: .fixture(1),
                purpose: .changeTo,
                userID: .fixture(1),
                email: EmailAddress(stored: "Gr\u{FC}n@Example.com"),
                partnerID: .fixture(2),
                createdAt: Timestamp(microseconds: 1),
                expiresAt: Timestamp(microseconds: 2),
                confirmedAt: Timestamp(microseconds: 3)
            )
            for (number, stored) in [change, .fixture(2, .passwordReset, of: nil)].enumerated() {
                try unitOfWork.perform {
                    try $0.confirmations.insert(stored, tokenDigest: .fixture(UInt8(number)))
                }
                let found = try unitOfWork.read { try $0.confirmations.find(stored.id) }
                #expect(found?.confirmation == stored)
                #expect(found?.tokenDigest == .fixture(UInt8(number)))
                #expect(try unitOfWork.confirmation(UInt8(number)) == stored)
            }
            #expect(try unitOfWork.read { try $0.confirmations.find(ConfirmationID.fixture(3)) } == nil)
            #expect(try unitOfWork.confirmation(3) == nil)
        },
        ContractCheck("one without its user, and a token for two, are refused") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            try unitOfWork.store(.fixture(1, .verification, of: 1))
            #expect(throws: (any Error).self) { try unitOfWork.store(.fixture(2, .verification, of: 2)) }
            #expect(throws: (any Error).self) {
                try unitOfWork.perform {
                    try $0.confirmations.insert(.fixture(3, .verification, of: 1), tokenDigest: .fixture(1))
                }
            }
        },
        ContractCheck("that a token was shown is noted") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            try unitOfWork.store(.fixture(1, .changeTo, of: 1))
            try unitOfWork.perform { transaction in
                try transaction.confirmations.confirm(.fixture(1), at: .t0.adding(seconds: 5))
                try transaction.confirmations.confirm(.fixture(2), at: .t0)
            }
            #expect(try unitOfWork.confirmation(1)?.confirmedAt == .t0.adding(seconds: 5))
        },
        ContractCheck("they are deleted for a user and purposes, for an address, and with their user") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2))
            let all: [Domain.Confirmation] = [
                .fixture(1, .verification, of: 1), .fixture(2, .changeFrom, of: 1), .fixture(3, .changeTo, of: 1),
                .fixture(4, .verification, of: 2), .fixture(5, .passwordReset, of: nil, email: "A@example.com"),
                .fixture(6, .passwordReset, of: nil, email: "b@example.com"),
            ]
            for confirmation in all { try unitOfWork.store(confirmation) }
            func left() throws -> [UInt8] { try (1...6).filter { try unitOfWork.confirmation($0) != nil } }
            try unitOfWork.perform {
                try $0.confirmations.deleteAll(of: .fixture(1), for: [.changeFrom, .changeTo])
            }
            #expect(try left() == [1, 4, 5, 6])
            try unitOfWork.perform {
                try $0.confirmations.deleteAll(to: EmailAddress(stored: "a@EXAMPLE.com"), for: .verification)
                try $0.confirmations.deleteAll(to: EmailAddress(stored: "a@EXAMPLE.com"), for: .passwordReset)
            }
            #expect(try left() == [1, 4, 6])
            _ = try unitOfWork.perform { try $0.users.delete(.fixture(1)) }
            #expect(try left() == [4, 6])
        },
        ContractCheck("of those that expired before an instant those go first that expired first") { unitOfWork in
            for (number, seconds) in [(1, -3), (2, -1), (3, -2), (4, 0)] as [(UInt64, Int64)] {
                try unitOfWork.store(.fixture(number, .passwordReset, of: nil, expiresAt: .t0.adding(seconds: seconds)))
            }
            func left(after limit: Int, deleted: Int) throws -> [UInt8] {
                let count = try unitOfWork.perform { try $0.confirmations.deleteExpired(before: .t0, limit: limit) }
                #expect(count == deleted)
                return try (1...4).filter { try unitOfWork.confirmation($0) != nil }
            }
            #expect(try left(after: 2, deleted: 2) == [2, 4])
            #expect(try left(after: 2, deleted: 1) == [4])
        },
        ContractCheck("the last address that was verified of a user counts, without regard to case") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2))
            func verifiedAt(_ email: String, _ user: UInt64 = 1) throws -> Timestamp? {
                try unitOfWork.read {
                    try $0.confirmations.verifiedAt(EmailAddress(stored: email), of: .fixture(user))
                }
            }
            for (email, seconds) in [("a@example.com", 1), ("B@example.com", 2)] as [(String, Int64)] {
                try unitOfWork.perform {
                    try $0.confirmations.setVerified(
                        EmailAddress(stored: email),
                        of: .fixture(1),
                        at: .t0.adding(seconds: seconds)
                    )
                }
                #expect(try verifiedAt(email.uppercased()) == .t0.adding(seconds: seconds))
            }
            #expect(try verifiedAt("a@example.com") == nil)
            #expect(try verifiedAt("b@example.com", 2) == nil)
            #expect(throws: (any Error).self) {
                try unitOfWork.perform {
                    try $0.confirmations.setVerified(EmailAddress(stored: "c@example.com"), of: .fixture(3), at: .t0)
                }
            }
            _ = try unitOfWork.perform { try $0.users.delete(.fixture(1)) }
            #expect(try verifiedAt("b@example.com") == nil)
        },
    ]
}

extension UnitOfWork {
    /// Stores what is to be confirmed under the digest of the number that its id belongs to.
    fileprivate func store(_ confirmation: Domain.Confirmation) throws {
        let number = UInt8(truncatingIfNeeded: confirmation.id.uuid.low)
        try perform { try $0.confirmations.insert(confirmation, tokenDigest: .fixture(number)) }
    }

    /// What is stored under a digest now.
    fileprivate func confirmation(_ number: UInt8) throws -> Domain.Confirmation? {
        try read { try $0.confirmations.find(.fixture(number)) }
    }
}

extension Domain.Confirmation {
    /// One that belongs to a small number, good for half an hour from `t0` on.
    package static func fixture(
        _ number: UInt64 = 1,
        _ purpose: Purpose,
        of user: UInt64?,
        email: String? = nil,
        expiresAt: Timestamp = .t0.adding(seconds: 1800)
    ) -> Domain.Confirmation {
        let isHalf = purpose == .changeFrom || purpose == .changeTo
        return Domain.Confirmation(
            id: .fixture(number),
            purpose: purpose,
            userID: user.map(UserID.fixture(_:)),
            email: EmailAddress(stored: email ?? "user\(user ?? number)@example.com"),
            partnerID: isHalf ? .fixture(number + 100) : nil,
            createdAt: .t0,
            expiresAt: expiresAt
        )
    }
}
