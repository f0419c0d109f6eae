import Domain
import Testing

extension RepositoryContract {
    /// What a repository of API keys promises.
    static let keys: [ContractCheck] = [
        ContractCheck("an API key comes back as stored, with its user") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2, role: .administrator, status: .disabled))
            let key = APIKey(
                id: .fixture(1),
                userID: .fixture(2),
                name: APIKeyName(stored: "\u{1F511} 'quoted' \\ e\u{301}"),
                access: .write,
                createdAt: Timestamp(microseconds: 1),
                lastUsedAt: Timestamp(microseconds: 2),
                expiresAt: Timestamp(microseconds: 3)
            )
            try unitOfWork.perform { try $0.keys.insert(key, tokenDigest: .fixture(1)) }
            let found = try unitOfWork.read { try $0.keys.find(.fixture(1)) }
            #expect(found?.key == key)
            #expect(found?.user == .fixture(2, role: .administrator, status: .disabled))
            #expect(try unitOfWork.read { try $0.keys.list(of: .fixture(2)) } == [key])
        },
        ContractCheck("the keys of several users are listed together, expired ones too") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2), .fixture(3))
            try unitOfWork.perform { transaction in
                for number: UInt64 in 1...6 {
                    try transaction.keys.insert(
                        .fixture(number, of: .fixture(number % 3 + 1), expiresAt: number == 1 ? .t0 : nil),
                        tokenDigest: .fixture(UInt8(number))
                    )
                }
            }
            try unitOfWork.read { (transaction: any Transaction) throws in
                let found = try transaction.keys.list(of: [.fixture(1), .fixture(2), .fixture(9), .fixture(2)])
                #expect(
                    Dictionary(grouping: found, by: \.userID).mapValues { $0.map(\.id) }
                        == [.fixture(1): [.fixture(6), .fixture(3)], .fixture(2): [.fixture(4), .fixture(1)]]
                )
                #expect(try transaction.keys.list(of: [UserID]()).isEmpty)
                #expect(
                    Set(try transaction.keys.find([.fixture(1), .fixture(5), .fixture(9)]).map(\.id))
                        == [.fixture(1), .fixture(5)]
                )
            }
        },
        ContractCheck("a key that was never used and never expires comes back so") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            try unitOfWork.perform { try $0.keys.insert(.fixture(1), tokenDigest: .fixture(1)) }
            #expect(try unitOfWork.storedKey(.fixture(1)) == .fixture(1))
            #expect(try unitOfWork.storedKey(.fixture(2)) == nil)
        },
        ContractCheck("a key without a user and a token for two keys are refused") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            try unitOfWork.perform { try $0.keys.insert(.fixture(1), tokenDigest: .fixture(1)) }
            #expect(throws: (any Error).self) {
                try unitOfWork.perform { try $0.keys.insert(.fixture(2, of: .fixture(2)), tokenDigest: .fixture(2)) }
            }
            #expect(throws: (any Error).self) {
                try unitOfWork.perform { try $0.keys.insert(.fixture(3), tokenDigest: .fixture(1)) }
            }
            #expect(try unitOfWork.storedKey(.fixture(1)) == .fixture(1))
        },
        ContractCheck("keys are listed and counted for their user, the newest first") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2))
            try unitOfWork.perform { transaction in
                try transaction.keys.insert(.fixture(2, expiresAt: .t0), tokenDigest: .fixture(2))
                try transaction.keys.insert(.fixture(1), tokenDigest: .fixture(1))
                try transaction.keys.insert(.fixture(3, of: .fixture(2)), tokenDigest: .fixture(3))
            }
            let keys = try unitOfWork.read { try $0.keys.list(of: .fixture(1)) }
            #expect(keys == [.fixture(2, expiresAt: .t0), .fixture(1)])
            #expect(try unitOfWork.read { try $0.keys.count(of: .fixture(1)) } == 2)
            #expect(try unitOfWork.read { try $0.keys.count(of: .fixture(3)) } == 0)
        },
        ContractCheck("the use of a key is noted, unless a later one is") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            try unitOfWork.perform { try $0.keys.insert(.fixture(1), tokenDigest: .fixture(1)) }
            for (seconds, noted) in [(0, 0), (5, 5), (4, 5), (6, 6)] as [(Int64, Int64)] {
                try unitOfWork.perform { transaction in
                    try transaction.keys.touch(.fixture(1), lastUsedAt: .t0.adding(seconds: seconds))
                    try transaction.keys.touch(.fixture(9), lastUsedAt: .t0)
                }
                #expect(try unitOfWork.storedKey(.fixture(1))?.lastUsedAt == .t0.adding(seconds: noted))
            }
        },
        ContractCheck("a key is deleted for its own user only") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2))
            try unitOfWork.perform { transaction in
                try transaction.keys.insert(.fixture(1), tokenDigest: .fixture(1))
                try transaction.keys.insert(.fixture(2), tokenDigest: .fixture(2))
            }
            #expect(try unitOfWork.perform { try $0.keys.delete(.fixture(1), of: .fixture(2)) } == false)
            #expect(try unitOfWork.perform { try $0.keys.delete(.fixture(1), of: .fixture(1)) })
            #expect(try unitOfWork.perform { try $0.keys.delete(.fixture(1), of: .fixture(1)) } == false)
            #expect(try unitOfWork.storedKey(.fixture(1)) == nil)
            #expect(try unitOfWork.storedKey(.fixture(2)) == .fixture(2))
        },
        ContractCheck("all keys of one user are deleted, and end with their user") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2), .fixture(3))
            try unitOfWork.perform { transaction in
                for number in [1, 2, 3] as [UInt8] {
                    let key = APIKey.fixture(UInt64(number), of: .fixture(UInt64(number)))
                    try transaction.keys.insert(key, tokenDigest: .fixture(number))
                }
                try transaction.keys.deleteAll(of: .fixture(1))
            }
            #expect(try unitOfWork.perform { try $0.users.delete(.fixture(2)) })
            #expect(try unitOfWork.storedKey(.fixture(1)) == nil)
            #expect(try unitOfWork.storedKey(.fixture(2)) == nil)
            #expect(try unitOfWork.storedKey(.fixture(3)) != nil)
        },
        ContractCheck("of the keys that expired before an instant those go first that expired first") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            try unitOfWork.perform { transaction in
                for (number, seconds) in [(1, -3), (2, -1), (3, -2), (4, 0)] as [(UInt64, Int64)] {
                    let key = APIKey.fixture(number, expiresAt: .t0.adding(seconds: seconds))
                    try transaction.keys.insert(key, tokenDigest: .fixture(UInt8(number)))
                }
                try transaction.keys.insert(.fixture(5), tokenDigest: .fixture(5))
            }
            func left(after limit: Int, deleted: Int) throws -> [Bool] {
                let count = try unitOfWork.perform { try $0.keys.deleteExpired(before: .t0, limit: limit) }
                #expect(count == deleted)
                return try (1...5).map { try unitOfWork.storedKey(.fixture($0)) != nil }
            }
            #expect(try left(after: 2, deleted: 2) == [false, true, false, true, true])
            #expect(try left(after: 2, deleted: 1) == [false, false, false, true, true])
            #expect(try left(after: 2, deleted: 0) == [false, false, false, true, true])
        },
    ]
}

extension UnitOfWork {
    /// The key that is stored under a digest now.
    fileprivate func storedKey(_ tokenDigest: TokenDigest) throws -> APIKey? {
        try read { try $0.keys.find(tokenDigest)?.key }
    }
}
