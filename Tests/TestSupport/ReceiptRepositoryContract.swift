package import Domain
import Testing

extension RepositoryContract {
    /// What a repository of receipts promises.
    static let receipts: [ContractCheck] = [
        ContractCheck("a receipt is found by its request, and by the client's name where it has one") { unitOfWork in
            try unitOfWork.perform { transaction in
                try transaction.receipts.insert(.fixture(1))
                try transaction.receipts.insert(.fixture(2, client: 7))
            }
            let found = try unitOfWork.read { try $0.receipts.find(request: .fixture(1)) }
            #expect(found == Receipt.fixture(1).answer)
            let named = try unitOfWork.read { try $0.receipts.find(client: .fixture(7)) }
            #expect(named?.answer == Receipt.fixture(2, client: 7).answer)
            #expect(named?.fingerprint == Receipt.fixture(2, client: 7).name.client?.fingerprint.stored)
            #expect(try unitOfWork.read { try $0.receipts.find(request: .fixture(7)) } == nil)
            #expect(try unitOfWork.read { try $0.receipts.find(client: .fixture(1)) } == nil)
        },
        ContractCheck("a request has one receipt, and so has a client's name") { unitOfWork in
            try unitOfWork.perform { try $0.receipts.insert(.fixture(1, client: 7)) }
            #expect(throws: (any Error).self) { try unitOfWork.perform { try $0.receipts.insert(.fixture(1)) } }
            #expect(throws: (any Error).self) {
                try unitOfWork.perform { try $0.receipts.insert(.fixture(2, client: 7)) }
            }
            #expect(try unitOfWork.read { try $0.receipts.find(request: .fixture(2)) } == nil)
        },
        ContractCheck("the same client's name for something else is refused") { unitOfWork in
            try unitOfWork.perform { try $0.receipts.insert(.fixture(1, client: 7)) }
            let same = ChangeName.fixture(2, client: 7)
            #expect(try unitOfWork.read { try $0.receipts.find(same) } == Receipt.fixture(1, client: 7).answer)
            let other = ChangeName.fixture(2, client: 7, fingerprint: 99)
            #expect(throws: DomainError.nameReused) { try unitOfWork.read { try $0.receipts.find(other) } }
            // The request itself is known: it is the same try.
            let first = ChangeName.fixture(1, client: 7, fingerprint: 99)
            #expect(try unitOfWork.read { try $0.receipts.find(first) } != nil)
        },
        ContractCheck("expired receipts are deleted, those that expired first, and no more than asked for") {
            unitOfWork in
            try unitOfWork.perform { transaction in
                try transaction.receipts.insert(.fixture(1, client: 7))
                for number in 2...4 as ClosedRange<UInt8> {
                    try transaction.receipts.insert(.fixture(number, at: Timestamp.t0.adding(seconds: -Int64(number))))
                }
            }
            let later = Timestamp.t0.adding(seconds: Receipt.secondsForRequests)
            #expect(try unitOfWork.perform { try $0.receipts.deleteExpired(before: later, limit: 2) } == 2)
            #expect(try unitOfWork.read { try $0.receipts.find(request: .fixture(4)) } == nil)
            #expect(try unitOfWork.read { try $0.receipts.find(request: .fixture(2)) } != nil)
            #expect(try unitOfWork.perform { try $0.receipts.deleteExpired(before: later, limit: 9) } == 1)
            #expect(try unitOfWork.read { try $0.receipts.find(client: .fixture(7)) } != nil)
            let aDayLater = Timestamp.t0.adding(seconds: Receipt.secondsForClients + 1)
            #expect(try unitOfWork.perform { try $0.receipts.deleteExpired(before: aDayLater, limit: 9) } == 1)
        },
        ContractCheck("a change with a receipt is made once, and answered as the first time") { unitOfWork in
            func make(_ number: UInt64, _ answer: String, request: UInt8) throws -> String {
                let answering = Answering<Void, String>(once: .fixture(request)) { answer }
                return try unitOfWork.perform(answering) { transaction in
                    try transaction.users.insert(.fixture(number), passwordHash: nil)
                }
            }
            let answers = [
                try make(1, "first", request: 1), try make(2, "second", request: 1), try make(2, "second", request: 2),
            ]
            #expect(answers == ["first", "first", "second"])
            #expect(try unitOfWork.read { try $0.users.count() } == 2)
        },
        ContractCheck("a change that is refused leaves no receipt") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            let answering = Answering<Void, String>(once: .fixture(1)) { "made" }
            #expect(throws: DomainError.conflict("email")) {
                try unitOfWork.perform(answering) { transaction in
                    try transaction.users.insert(.fixture(2, email: "user1@example.com"), passwordHash: nil)
                }
            }
            #expect(try unitOfWork.read { try $0.receipts.find(request: .fixture(1)) } == nil)
            #expect(try unitOfWork.perform(answering) { _ in } == "made")
        },
    ]
}

extension ReceiptKey {
    /// The key that belongs to a small number.
    package static func fixture(_ number: UInt8) -> ReceiptKey {
        ReceiptKey(bytes: Array(repeating: 0x5A, count: size - 1) + [number])
    }
}

extension ChangeName {
    /// The name that belongs to a small number, with one of a client where that is given.
    package static func fixture(_ number: UInt8, client: UInt8? = nil, fingerprint: UInt8 = 1) -> ChangeName {
        ChangeName(
            request: .fixture(number),
            client: client.map {
                Client(key: .fixture($0), fingerprint: Fingerprint(tags: [Array(repeating: fingerprint, count: 32)]))
            }
        )
    }
}

extension Receipt {
    /// The receipt that belongs to a small number.
    package static func fixture(_ number: UInt8, client: UInt8? = nil, at instant: Timestamp = .t0) -> Receipt {
        Receipt(
            name: .fixture(number, client: client),
            answer: KeptAnswer(request: .fixture(number), status: 201, sealed: [number, 2, 3]),
            createdAt: instant
        )
    }
}

extension Once<String> {
    /// Keeps texts as they are, under the request that belongs to a small number.
    package static func fixture(_ number: UInt8, client: UInt8? = nil) -> Once<String> {
        let name = ChangeName.fixture(number, client: client)
        return Once(name: name) { text in
            let answer = KeptAnswer(request: name.request, status: 200, sealed: Array(text.utf8))
            return Receipt(name: name, answer: answer, createdAt: .t0)
        } restore: { kept in
            String(decoding: kept.sealed, as: UTF8.self)
        }
    }
}
