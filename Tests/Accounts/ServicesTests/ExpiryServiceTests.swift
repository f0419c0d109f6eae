import Domain
import Services
import TestSupport
import Testing

/// What has ended by itself is deleted after a while.
struct ExpiryServiceTests {
    private let unitOfWork = MemoryUnitOfWork()
    private let clock = ManualClock()
    private let expiry: ExpiryService
    /// How long the sessions of the fixtures live without use.
    private let idle: Int64 = 14 * 86_400

    init() throws {
        expiry = ExpiryService(unitOfWork: unitOfWork, clock: clock, sessionsKept: 60, keysKept: 3600)
        try unitOfWork.perform { try $0.users.insert(.fixture(1), passwordHash: nil) }
    }

    private func store(sessions: ClosedRange<Int>, at instant: Timestamp) throws {
        try unitOfWork.perform { transaction in
            for number in sessions {
                let session = Session.fixture(UInt64(number), at: instant)
                let digest = TokenDigest(
                    bytes: Array(repeating: 0, count: 30) + [UInt8(number / 256), UInt8(number % 256)]
                )
                try transaction.sessions.insert(session, tokenDigest: digest)
            }
        }
    }

    private func sessionCount() throws -> Int {
        try unitOfWork.read { try $0.sessions.list(of: .fixture(1), at: Timestamp(microseconds: 0)).count }
    }

    @Test func `receipts go when nobody can ask for them any more`() throws {
        try unitOfWork.perform { transaction in
            try transaction.receipts.insert(.fixture(1, at: clock.now()))
            try transaction.receipts.insert(.fixture(2, client: 2, at: clock.now()))
        }
        func found() throws -> [Bool] {
            try unitOfWork.read { transaction in
                try [1, 2].map { try transaction.receipts.find(request: .fixture($0)) != nil }
            }
        }
        clock.advance(seconds: Receipt.secondsForRequests)
        #expect(try expiry.deleteReceipts() == false)
        #expect(try found() == [true, true])
        clock.advance(seconds: 1)
        #expect(try expiry.deleteReceipts() == false)
        #expect(try found() == [false, true])
        clock.advance(seconds: Receipt.secondsForClients)
        #expect(try expiry.deleteReceipts() == false)
        #expect(try found() == [false, false])
    }

    @Test func `a session stays for its time after its end, and no longer`() throws {
        try store(sessions: 1...1, at: clock.now().adding(seconds: -idle - 60))
        try store(sessions: 2...2, at: clock.now().adding(seconds: -idle - 61))
        #expect(try expiry.deleteBatch() == false)
        #expect(
            try unitOfWork.read { try $0.sessions.list(of: .fixture(1), at: Timestamp(microseconds: 0)).map(\.id) } == [
                .fixture(1)
            ]
        )
    }

    @Test func `a key stays for its time after its end, and one without an end for ever`() throws {
        try unitOfWork.perform { transaction in
            try transaction.keys.insert(.fixture(1), tokenDigest: .fixture(1))
            try transaction.keys.insert(
                .fixture(2, expiresAt: clock.now().adding(seconds: -3600)),
                tokenDigest: .fixture(2)
            )
            try transaction.keys.insert(
                .fixture(3, expiresAt: clock.now().adding(seconds: -3601)),
                tokenDigest: .fixture(3)
            )
        }
        #expect(try expiry.deleteBatch() == false)
        #expect(try unitOfWork.read { try $0.keys.list(of: .fixture(1)).map(\.id) } == [.fixture(2), .fixture(1)])
    }

    @Test func `what is more than a batch is left to the next one, and told`() throws {
        try store(sessions: 1...(ExpiryService.batchSize + 1), at: clock.now().adding(seconds: -idle - 61))
        #expect(try expiry.deleteBatch())
        #expect(try sessionCount() == 1)
        #expect(try expiry.deleteBatch() == false)
        #expect(try sessionCount() == 0)
    }
}
