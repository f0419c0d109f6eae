package import Domain
import Testing

extension RepositoryContract {
    /// What a repository of the audit promises.
    static let audit: [ContractCheck] = [
        ContractCheck("the chain begins at its anchor and goes on link by link") { unitOfWork in
            #expect(try unitOfWork.read { try $0.audit.anchor() } == .origin)
            #expect(try unitOfWork.read { try $0.audit.head() } == .origin)
            try unitOfWork.tell(.userEnabled(.fixture(1)), .userEnabled(.fixture(2)))
            let before = try unitOfWork.read { try $0.audit.entries(after: 0, limit: 10) }
            #expect(before.map(\.sequence) == [1, 2])
            #expect(before.allSatisfy { $0.hash == nil && $0.chainedKey == nil })
            #expect(before[0].content != before[1].content)
            try unitOfWork.perform { try $0.audit.link(.fixture(1)) }
            let after = try unitOfWork.read { try $0.audit.entries(after: 0, limit: 10) }
            #expect(after.map(\.hash) == [AuditMark.fixture(1).hash, nil])
            #expect(after[0].chainedKey == after[0].key)
            #expect(after[0].content == before[0].content)
            #expect(try unitOfWork.read { try $0.audit.head() } == .fixture(1))
            #expect(try unitOfWork.read { try $0.audit.entries(after: 1, limit: 10) } == [after[1]])
        },
        ContractCheck("the audit is listed the newest first, by subject, actor, type and time") { unitOfWork in
            try unitOfWork.tell(.userEnabled(.fixture(1)), .userDisabled(.fixture(2)))
            try unitOfWork.tell(
                .userDisabled(.fixture(1)),
                at: Timestamp.t0.adding(seconds: 10),
                by: .user(.fixture(9), by: .session(.fixture(3)))
            )
            // What is not in the chain yet is in no list.
            try unitOfWork.tell(.userDisabled(.fixture(3)))
            try unitOfWork.perform { transaction in for number in 1...3 { try transaction.audit.link(.fixture(number)) }
            }
            func list(_ slice: AuditSlice) throws -> [Int64] {
                try unitOfWork.read { try $0.audit.records(slice) }.map(\.sequence)
            }
            #expect(try list(AuditSlice(limit: 10)) == [3, 2, 1])
            #expect(try list(AuditSlice(limit: 2)) == [3, 2])
            #expect(try list(AuditSlice(.subject(UserID.fixture(1).uuid), limit: 10)) == [3, 1])
            #expect(try list(AuditSlice(.actor(.fixture(9)), limit: 10)) == [3])
            #expect(try list(AuditSlice(.type("user.disabled.v1"), limit: 10)) == [3, 2])
            let position = AuditPosition(instant: .t0, sequence: 2)
            #expect(try list(AuditSlice(before: position, limit: 10)) == [1])
            #expect(try list(AuditSlice(after: .t0, limit: 10)) == [3])
            #expect(try list(AuditSlice(.type("user.disabled.v1"), before: position, limit: 10)).isEmpty)
        },
        ContractCheck("a record of the audit is as it was told") { unitOfWork in
            let origin = RequestOrigin(address: "192.0.2.7", requestID: "r1", traceparent: "00-aa-bb-01")
            let actors: [Actor] = [
                .user(.fixture(9), by: .session(.fixture(3))), .user(.fixture(9), by: .key(.fixture(3))),
                .machineOperator,
                .anyone,
            ]
            for actor in actors { try unitOfWork.tell(.userEnabled(.fixture(1)), by: actor, from: origin) }
            let records = try unitOfWork.read { try $0.audit.records(after: 0, limit: 10) }
            #expect(records.map(\.actor) == actors)
            #expect(records.allSatisfy { $0.origin == origin && $0.instant == .t0 && $0.type == "user.enabled.v1" })
            #expect(records.allSatisfy { $0.subject == UserID.fixture(1).uuid && $0.data == "{}" })
            #expect(try unitOfWork.read { try $0.audit.records(after: 3, limit: 10) } == [records[3]])
        },
        ContractCheck("what has had its time is deleted from the beginning, never the head") { unitOfWork in
            for number in 1...4 {
                try unitOfWork.tell(.userEnabled(.fixture(1)), at: Timestamp.t0.adding(seconds: Int64(number)))
                try unitOfWork.perform { try $0.audit.link(.fixture(number)) }
            }
            func expire(_ seconds: Int64, limit: Int) throws -> Int {
                try unitOfWork.perform {
                    try $0.audit.deleteExpired(before: Timestamp.t0.adding(seconds: seconds), limit: limit)
                }
            }
            #expect(try expire(1, limit: 9) == 0)
            #expect(try expire(3, limit: 1) == 1)
            #expect(try expire(3, limit: 9) == 1)
            #expect(try unitOfWork.read { try $0.audit.anchor() } == .fixture(2))
            #expect(try unitOfWork.read { try $0.audit.records(after: 0, limit: 9) }.map(\.sequence) == [3, 4])
            #expect(try expire(99, limit: 9) == 1)
            #expect(try unitOfWork.read { try $0.audit.head() } == .fixture(4))
            try unitOfWork.tell(.userEnabled(.fixture(1)))
            #expect(try unitOfWork.read { try $0.audit.records(after: 0, limit: 9) }.map(\.sequence) == [4, 5])
        },
    ]
}

extension UnitOfWork {
    /// Tells that something has happened.
    package func tell(
        _ happenings: Happening...,
        at instant: Timestamp = .t0,
        by actor: Actor = .machineOperator,
        from origin: RequestOrigin = .machine
    ) throws {
        let occasion = Occasion(at: instant, by: actor, from: origin, SeededRandom())
        try perform { try $0.events.append(occasion.events(happenings)) }
    }
}

extension AuditMark {
    /// Some mark of an event.
    package static func fixture(_ number: Int) -> AuditMark {
        AuditMark(sequence: Int64(number), hash: Array(repeating: UInt8(truncatingIfNeeded: number), count: 32))
    }
}
