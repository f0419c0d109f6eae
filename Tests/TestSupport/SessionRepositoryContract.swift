import Domain
import Testing

extension RepositoryContract {
    /// What a repository of sessions promises.
    static let sessions: [ContractCheck] = [
        ContractCheck("a session comes back as stored, with its user") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2, role: .administrator, status: .disabled))
            let session = Session(
                id: .fixture(1),
                userID: .fixture(2),
                createdAt: Timestamp(microseconds: 1),
                lastSeenAt: Timestamp(microseconds: 2),
                expiresAt: Timestamp(microseconds: 3),
                endsAt: Timestamp(microseconds: 4),
                origin: SessionOrigin(address: "2001:db8::7", userAgent: "\u{1F9ED} 'quoted' \\ \u{202E}")
            )
            try unitOfWork.perform { try $0.sessions.insert(session, tokenDigest: .fixture(1)) }
            let found = try unitOfWork.read { try $0.sessions.find(.fixture(1)) }
            #expect(found?.session == session)
            #expect(found?.user == .fixture(2, role: .administrator, status: .disabled))
        },
        ContractCheck("an origin of the greatest length comes back whole, and an empty one empty") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            let longest = SessionOrigin(
                address: String(repeating: "1", count: SessionOrigin.longestAddress),
                userAgent: String(repeating: "\u{1F9ED}", count: SessionOrigin.longestUserAgent)
            )
            let empty = SessionOrigin(address: "", userAgent: "")
            try unitOfWork.perform { transaction in
                try transaction.sessions.insert(.fixture(1, origin: longest), tokenDigest: .fixture(1))
                try transaction.sessions.insert(.fixture(2, origin: empty), tokenDigest: .fixture(2))
            }
            #expect(try unitOfWork.storedSession(.fixture(1))?.origin == longest)
            #expect(try unitOfWork.storedSession(.fixture(2))?.origin == empty)
        },
        ContractCheck("the sessions of several users are listed together, those that have ended not") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2), .fixture(3))
            try unitOfWork.perform { transaction in
                for number: UInt64 in 1...6 {
                    try transaction.sessions.insert(
                        .fixture(number, of: .fixture(number % 3 + 1)),
                        tokenDigest: .fixture(UInt8(number))
                    )
                }
                try transaction.sessions.insert(
                    .fixture(7, of: .fixture(2), at: Timestamp(microseconds: 0)),
                    tokenDigest: .fixture(7)
                )
            }
            try unitOfWork.read { (transaction: any Transaction) throws in
                func numbers(_ ids: [UserID]) throws -> [UserID: [SessionID]] {
                    let found = try transaction.sessions.list(of: ids, at: .t0)
                    return Dictionary(grouping: found, by: \.userID).mapValues { $0.map(\.id) }
                }
                #expect(try numbers([]).isEmpty)
                #expect(try numbers([.fixture(9)]).isEmpty)
                #expect(
                    try numbers([.fixture(1), .fixture(2), .fixture(9), .fixture(2)])
                        == [.fixture(1): [.fixture(6), .fixture(3)], .fixture(2): [.fixture(4), .fixture(1)]]
                )
                #expect(
                    Set(try transaction.sessions.find([.fixture(7), .fixture(1), .fixture(9)]).map(\.id))
                        == [.fixture(7), .fixture(1)]
                )
                #expect(try transaction.sessions.find([SessionID]()).isEmpty)
            }
        },
        ContractCheck("a digest finds only its own session") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            try unitOfWork.perform { transaction in
                try transaction.sessions.insert(.fixture(1), tokenDigest: .fixture(1))
                try transaction.sessions.insert(.fixture(2), tokenDigest: .fixture(2))
            }
            #expect(try unitOfWork.storedSession(.fixture(2)) == .fixture(2))
            #expect(try unitOfWork.storedSession(.fixture(3)) == nil)
        },
        ContractCheck("a session that has ended by itself is still found") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            let ended = Session.fixture(1, at: Timestamp(microseconds: 0))
            try unitOfWork.perform { try $0.sessions.insert(ended, tokenDigest: .fixture(1)) }
            #expect(try unitOfWork.storedSession(.fixture(1)) == ended)
        },
        ContractCheck("a session is found with its user as changed since") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            try unitOfWork.perform { try $0.sessions.insert(.fixture(1), tokenDigest: .fixture(1)) }
            let changed = try unitOfWork.perform { try $0.users.update(.fixture(1, name: "New", status: .disabled)) }
            #expect(try unitOfWork.read { try $0.sessions.find(.fixture(1)) }?.user == changed)
        },
        ContractCheck("a session without a user and a token for two sessions are refused") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            try unitOfWork.perform { try $0.sessions.insert(.fixture(1), tokenDigest: .fixture(1)) }
            #expect(throws: (any Error).self) {
                try unitOfWork.perform {
                    try $0.sessions.insert(.fixture(2, of: .fixture(2)), tokenDigest: .fixture(2))
                }
            }
            #expect(throws: (any Error).self) {
                try unitOfWork.perform { try $0.sessions.insert(.fixture(3), tokenDigest: .fixture(1)) }
            }
            #expect(try unitOfWork.storedSession(.fixture(1)) == .fixture(1))
        },
        ContractCheck("a noted use moves both times and nothing else") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            try unitOfWork.perform { transaction in
                try transaction.sessions.insert(.fixture(1), tokenDigest: .fixture(1))
                try transaction.sessions.insert(.fixture(2), tokenDigest: .fixture(2))
            }
            var expected = Session.fixture(1)
            expected.lastSeenAt = .t0.adding(seconds: 400)
            expected.expiresAt = .t0.adding(seconds: 500)
            try unitOfWork.perform { transaction in
                try transaction.sessions.touch(
                    .fixture(1),
                    lastSeenAt: .t0.adding(seconds: 400),
                    expiresAt: .t0.adding(seconds: 500)
                )
            }
            #expect(try unitOfWork.storedSession(.fixture(1)) == expected)
            #expect(try unitOfWork.storedSession(.fixture(2)) == .fixture(2))
        },
        ContractCheck("a use that is noted late, or of no session, changes nothing") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            try unitOfWork.perform { try $0.sessions.insert(.fixture(1), tokenDigest: .fixture(1)) }
            for (number, seconds) in [(1, -1), (1, 0), (2, 1)] as [(UInt64, Int64)] {
                try unitOfWork.perform { transaction in
                    try transaction.sessions.touch(
                        .fixture(number),
                        lastSeenAt: .t0.adding(seconds: seconds),
                        expiresAt: .t0.adding(seconds: 1)
                    )
                }
            }
            #expect(try unitOfWork.storedSession(.fixture(1)) == .fixture(1))
        },
        ContractCheck("a deleted session is gone, alone") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            try unitOfWork.perform { transaction in
                try transaction.sessions.insert(.fixture(1), tokenDigest: .fixture(1))
                try transaction.sessions.insert(.fixture(2), tokenDigest: .fixture(2))
            }
            #expect(try unitOfWork.perform { try $0.sessions.delete(.fixture(1)) })
            #expect(try unitOfWork.storedSession(.fixture(1)) == nil)
            #expect(try unitOfWork.storedSession(.fixture(2)) == .fixture(2))
            #expect(try unitOfWork.perform { try $0.sessions.delete(.fixture(1)) } == false)
        },
        ContractCheck("all sessions of one user are deleted, and nobody else's") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2))
            try unitOfWork.perform { transaction in
                try transaction.sessions.insert(.fixture(1), tokenDigest: .fixture(1))
                try transaction.sessions.insert(.fixture(2), tokenDigest: .fixture(2))
                try transaction.sessions.insert(.fixture(3, of: .fixture(2)), tokenDigest: .fixture(3))
            }
            try unitOfWork.perform { try $0.sessions.deleteAll(of: .fixture(1)) }
            #expect(try unitOfWork.storedSession(.fixture(1)) == nil)
            #expect(try unitOfWork.storedSession(.fixture(2)) == nil)
            #expect(try unitOfWork.storedSession(.fixture(3)) == .fixture(3, of: .fixture(2)))
            try unitOfWork.perform { try $0.sessions.deleteAll(of: .fixture(1)) }
        },
        ContractCheck("a list has a user's present sessions, the newest first, and nobody else's") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2))
            let ended = Session.fixture(3, at: Timestamp.t0.adding(seconds: -14 * 86_400))
            let lasting = Session.fixture(4, at: Timestamp.t0.adding(seconds: 1 - 14 * 86_400))
            try unitOfWork.perform { transaction in
                try transaction.sessions.insert(.fixture(2), tokenDigest: .fixture(2))
                try transaction.sessions.insert(.fixture(1), tokenDigest: .fixture(1))
                try transaction.sessions.insert(ended, tokenDigest: .fixture(3))
                try transaction.sessions.insert(lasting, tokenDigest: .fixture(4))
                try transaction.sessions.insert(.fixture(5, of: .fixture(2)), tokenDigest: .fixture(5))
            }
            let sessions = try unitOfWork.read { try $0.sessions.list(of: .fixture(1), at: .t0) }
            #expect(sessions == [lasting, .fixture(2), .fixture(1)])
            #expect(try unitOfWork.read { try $0.sessions.list(of: .fixture(3), at: .t0) } == [])
        },
        ContractCheck("a session is deleted for its own user only") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2))
            try unitOfWork.perform { try $0.sessions.insert(.fixture(1), tokenDigest: .fixture(1)) }
            #expect(try unitOfWork.perform { try $0.sessions.delete(.fixture(1), of: .fixture(2)) } == false)
            #expect(try unitOfWork.storedSession(.fixture(1)) == .fixture(1))
            #expect(try unitOfWork.perform { try $0.sessions.delete(.fixture(1), of: .fixture(1)) })
            #expect(try unitOfWork.storedSession(.fixture(1)) == nil)
        },
        ContractCheck("all sessions of one user but one are deleted, and nobody else's") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2))
            try unitOfWork.perform { transaction in
                try transaction.sessions.insert(.fixture(1), tokenDigest: .fixture(1))
                try transaction.sessions.insert(.fixture(2), tokenDigest: .fixture(2))
                try transaction.sessions.insert(.fixture(3, of: .fixture(2)), tokenDigest: .fixture(3))
                try transaction.sessions.deleteAll(of: .fixture(1), except: .fixture(2))
            }
            #expect(try unitOfWork.storedSession(.fixture(1)) == nil)
            #expect(try unitOfWork.storedSession(.fixture(2)) == .fixture(2))
            #expect(try unitOfWork.storedSession(.fixture(3)) == .fixture(3, of: .fixture(2)))
        },
        ContractCheck("of a user's sessions those stay that were used last, ended or not") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2))
            let ended = Session.fixture(9, at: Timestamp.t0.adding(seconds: -14 * 86_400))
            try unitOfWork.perform { transaction in
                for (number, seconds) in [(1, -10), (2, -30), (3, -20), (4, -20)] as [(UInt64, Int64)] {
                    let session = Session.fixture(number, at: Timestamp.t0.adding(seconds: seconds))
                    try transaction.sessions.insert(session, tokenDigest: .fixture(UInt8(number)))
                }
                try transaction.sessions.insert(ended, tokenDigest: .fixture(9))
                try transaction.sessions.insert(.fixture(5, of: .fixture(2)), tokenDigest: .fixture(5))
            }
            func left(_ limit: Int) throws -> [SessionID] {
                try unitOfWork.perform { transaction in
                    try transaction.sessions.prune(of: .fixture(1), keeping: limit)
                    return try transaction.sessions.list(of: .fixture(1), at: Timestamp(microseconds: 0)).map(\.id)
                }
            }
            #expect(try left(5) == [.fixture(9), .fixture(4), .fixture(3), .fixture(2), .fixture(1)])
            #expect(try left(4) == [.fixture(4), .fixture(3), .fixture(2), .fixture(1)])
            #expect(try left(2) == [.fixture(4), .fixture(1)])
            #expect(try left(0) == [])
            #expect(try unitOfWork.storedSession(.fixture(5)) == .fixture(5, of: .fixture(2)))
        },
        ContractCheck("of the sessions that ended before an instant those go first that ended first") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2))
            let idle: Int64 = 14 * 86_400
            try unitOfWork.perform { transaction in
                for (number, seconds) in [(1, -3), (2, -1), (3, -2), (4, 0)] as [(UInt64, Int64)] {
                    let session = Session.fixture(
                        number,
                        of: .fixture(number % 2 + 1),
                        at: Timestamp.t0.adding(seconds: seconds - idle)
                    )
                    try transaction.sessions.insert(session, tokenDigest: .fixture(UInt8(number)))
                }
            }
            func left(after limit: Int, deleted: Int) throws -> [Bool] {
                let count = try unitOfWork.perform { try $0.sessions.deleteExpired(before: .t0, limit: limit) }
                #expect(count == deleted)
                return try (1...4).map { try unitOfWork.storedSession(.fixture($0)) != nil }
            }
            #expect(try left(after: 2, deleted: 2) == [false, true, false, true])
            #expect(try left(after: 2, deleted: 1) == [false, false, false, true])
            #expect(try left(after: 2, deleted: 0) == [false, false, false, true])
        },
    ]
}
