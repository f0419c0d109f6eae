/// By what a change is known again: 16 bytes of a digest.
package struct ReceiptKey: Hashable, Sendable {
    /// How many bytes there are.
    package static let size = 16

    /// The bytes.
    package let bytes: [UInt8]

    /// Takes the bytes that were computed or stored.
    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}

/// Tells what a request asks for from everything else, without showing it: tags of it under secrets of the instance.
///
/// A digest without a secret would let who has a copy of the store try out passwords that stood in the request.
package struct Fingerprint: Hashable, Sendable {
    /// One for each secret that is good, that of the newest first.
    private let tags: [[UInt8]]

    /// Takes the tags; there is one at least.
    package init(tags: [[UInt8]]) {
        self.tags = tags
    }

    /// What is stored.
    package var stored: [UInt8] { tags.first ?? [] }

    /// Whether what was stored before is of the same.
    package func matches(_ stored: [UInt8]) -> Bool { tags.contains(stored) }
}

/// What a change is called, so that it is made once however often it is asked for.
package struct ChangeName: Hashable, Sendable {
    /// The client's own name for a change, which holds for one caller.
    package struct Client: Hashable, Sendable {
        /// Caller and name.
        package let key: ReceiptKey
        /// What was asked for under it.
        package let fingerprint: Fingerprint

        /// Puts both together.
        package init(key: ReceiptKey, fingerprint: Fingerprint) {
            self.key = key
            self.fingerprint = fingerprint
        }
    }

    /// The request, which is the same on each try of the web server.
    package let request: ReceiptKey
    /// The client's own name, if it gave one.
    package let client: Client?

    /// Names a change.
    package init(request: ReceiptKey, client: Client?) {
        self.request = request
        self.client = client
    }
}

/// An answer as it is stored: what the client was told, sealed.
package struct KeptAnswer: Hashable, Sendable {
    /// The request that it was the answer to, to which it is sealed.
    package let request: ReceiptKey
    /// The number of its status.
    package let status: Int
    /// All else of it, which may hold a token or a key.
    package let sealed: [UInt8]

    /// Takes the parts.
    package init(request: ReceiptKey, status: Int, sealed: [UInt8]) {
        self.request = request
        self.status = status
        self.sealed = sealed
    }
}

/// That a change was made, and what was answered: stored in the transaction of the change.
package struct Receipt: Hashable, Sendable {
    /// For so long the web server may try a request again; it does so within seconds.
    package static let secondsForRequests: Int64 = 600
    /// For so long a client may send a change of its own name again.
    package static let secondsForClients: Int64 = 86_400

    /// What the change is called.
    package let name: ChangeName
    /// What was answered.
    package let answer: KeptAnswer
    /// When.
    package let createdAt: Timestamp

    /// Takes the parts.
    package init(name: ChangeName, answer: KeptAnswer, createdAt: Timestamp) {
        self.name = name
        self.answer = answer
        self.createdAt = createdAt
    }

    /// From when on it may be forgotten.
    package var expiresAt: Timestamp {
        createdAt.adding(seconds: name.client == nil ? Self.secondsForRequests : Self.secondsForClients)
    }
}

/// What makes a change one that is made once.
package struct Once<Answer> {
    /// What the change is called.
    package let name: ChangeName
    /// Makes the receipt of an answer.
    package let receipt: (Answer) -> Receipt
    /// Makes the answer anew of one that was stored.
    package let restore: (KeptAnswer) throws -> Answer

    /// Takes the parts.
    package init(
        name: ChangeName,
        receipt: @escaping (Answer) -> Receipt,
        restore: @escaping (KeptAnswer) throws -> Answer
    ) {
        self.name = name
        self.receipt = receipt
        self.restore = restore
    }
}

/// How a change is answered, by which request it is asked for, and that it is made once.
///
/// A service makes an `Outcome`; whoever calls it makes an `Answer` of that, inside the transaction, so that the answer
/// is stored together with the change. `render` has no effect outside and may run twice.
package struct Answering<Outcome, Answer> {
    /// Makes the answer.
    package let render: (Outcome) -> Answer
    /// What makes the change one that is made once; nil where nobody can ask a second time.
    package let once: Once<Answer>?
    /// By which request the change is asked for.
    package let origin: RequestOrigin

    /// Takes them.
    package init(
        once: Once<Answer>?,
        origin: RequestOrigin = .machine,
        render: @escaping (Outcome) -> Answer
    ) {
        self.once = once
        self.origin = origin
        self.render = render
    }
}

extension Answering where Outcome == Answer {
    /// The outcome itself, and nothing is kept: for who works at the machine and sees what happens.
    package static var plain: Answering { Answering(once: nil) { $0 } }
}
