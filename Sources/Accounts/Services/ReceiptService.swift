package import Domain

/// An answer as a client is told it: the number of its status, and all else as bytes.
package struct PlainAnswer: Hashable, Sendable {
    /// The number of the status.
    package let status: Int
    /// All else.
    package let content: [UInt8]

    /// Takes both.
    package init(status: Int, content: [UInt8]) {
        self.status = status
        self.content = content
    }
}

/// What can be done with receipts: that a change was made, and what was answered.
///
/// All methods that use the store throw `DomainError.unavailable` when it is too busy, and faults. Blocking; for one thread
/// at a time, as what it is made of.
package struct ReceiptService {
    /// An answer that cannot be opened: it was sealed under a secret that is not known any more, or changed.
    private struct Unreadable: Error, CustomStringConvertible {
        let description = "a stored answer cannot be opened with the secrets of the instance"
    }

    private let unitOfWork: any UnitOfWork
    private let sealing: any ReceiptSealing
    private let clock: any Clock

    /// Puts the service together.
    package init(unitOfWork: any UnitOfWork, sealing: any ReceiptSealing, clock: any Clock) {
        self.unitOfWork = unitOfWork
        self.sealing = sealing
        self.clock = clock
    }

    /// The key of a request: by the id that the web server gave it, and what it is addressed to.
    ///
    /// One request of a client can lead to several of the web server, with the same id.
    package func key(ofRequest id: String, method: String, path: [UInt8]) -> ReceiptKey {
        sealing.key(of: Self.joined([Array("request".utf8), Array(id.utf8), Array(method.utf8), path]))
    }

    /// A client's own name for a change, as the caller's; `content` is what is asked for, in parts.
    package func client(_ name: String, of caller: UserID, askingFor content: [[UInt8]]) -> ChangeName.Client {
        ChangeName.Client(
            key: sealing.key(of: Self.joined([Array("client".utf8), Array("\(caller)".utf8), Array(name.utf8)])),
            fingerprint: sealing.fingerprint(of: Self.joined(content))
        )
    }

    /// What was answered to an earlier try of a request, or nil.
    ///
    /// One look at the store where there is none. What the change made old is made old again before this returns.
    package func answer(toRequest key: ReceiptKey) throws -> PlainAnswer? {
        guard try unitOfWork.lookUp({ try $0.receipts.find(request: key) }) != nil else { return nil }
        return try unitOfWork.perform { try $0.receipts.find(request: key) }.map(opened)
    }

    /// What was answered when the caller asked for the same under the same name, or nil.
    ///
    /// As ``answer(toRequest:)``. Throws `nameReused` where it was asked for something else.
    package func answer(to client: ChangeName.Client) throws -> PlainAnswer? {
        guard try unitOfWork.lookUp({ try $0.receipts.find(client: client.key) }) != nil else { return nil }
        let found = try unitOfWork.perform { try $0.receipts.find(client: client.key) }
        guard let found else { return nil }
        guard client.fingerprint.matches(found.fingerprint) else { throw DomainError.nameReused }
        return try opened(found.answer)
    }

    /// Keeps the answer to something that was refused, so that nothing was changed.
    ///
    /// Gives the one that is kept: another, where there was one already. Throws `nameReused` too.
    package func keep(_ answer: PlainAnswer, for name: ChangeName) throws -> PlainAnswer {
        let once = once(name, plain: { $0 }, restore: { answer, _ in answer })
        return try unitOfWork.perform(Answering(once: once) { answer }) { _ in }
    }

    /// What makes a change one that is made once.
    ///
    /// `restore` is told whether the client, and not the web server, asks again.
    package func once<Answer>(
        _ name: ChangeName,
        plain: @escaping (Answer) -> PlainAnswer,
        restore: @escaping (PlainAnswer, _ isReplay: Bool) throws -> Answer
    ) -> Once<Answer> {
        Once(name: name) { answer in
            let answer = plain(answer)
            let kept = KeptAnswer(
                request: name.request,
                status: answer.status,
                sealed: sealing.seal(answer.content, for: name.request)
            )
            return Receipt(name: name, answer: kept, createdAt: clock.now())
        } restore: { kept in
            try restore(try opened(kept), kept.request != name.request)
        }
    }

    private func opened(_ kept: KeptAnswer) throws -> PlainAnswer {
        guard let content = sealing.open(kept.sealed, for: kept.request) else { throw Unreadable() }
        return PlainAnswer(status: kept.status, content: content)
    }

    /// Parts as one row of bytes that no other parts have.
    private static func joined(_ parts: [[UInt8]]) -> [UInt8] {
        parts.flatMap { part in
            (0..<8).map { UInt8(truncatingIfNeeded: part.count >> ($0 * 8)) } + part
        }
    }
}
