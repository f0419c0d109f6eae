package import Domain
import Testing

extension RepositoryContract {
    /// What a repository of webhooks promises.
    static let webhooks: [ContractCheck] = [
        ContractCheck("webhooks come back as stored, the oldest first, with their secrets") { unitOfWork in
            try unitOfWork.perform { transaction in
                for number in [2, 1] as [UInt64] {
                    try transaction.webhooks.insert(.fixture(number), sealedSecret: [UInt8(number)])
                }
            }
            #expect(try unitOfWork.read { try $0.webhooks.list() } == [.fixture(1), .fixture(2)])
            let found = try unitOfWork.read { try $0.webhooks.find(.fixture(2)) }
            #expect(found?.webhook == .fixture(2))
            #expect(found?.sealedSecret == [2])
            #expect(try unitOfWork.read { try $0.webhooks.find(.fixture(3)) } == nil)
        },
        ContractCheck("a webhook is changed and deleted, with its deliveries") { unitOfWork in
            var webhook = Webhook.fixture(1)
            try unitOfWork.perform { transaction in
                try transaction.webhooks.insert(webhook, sealedSecret: [1])
                try transaction.webhooks.record([.fixture(1), .fixture(2)], of: webhook.id)
            }
            webhook.status = .disabled
            webhook.url = WebhookURL(stored: "https://other.example/")
            webhook.updatedAt = Timestamp.t0.adding(seconds: 1)
            #expect(try unitOfWork.perform { try $0.webhooks.update(webhook) })
            #expect(try unitOfWork.perform { try $0.webhooks.update(.fixture(2)) } == false)
            #expect(try unitOfWork.read { try $0.webhooks.list() } == [webhook])
            #expect(try unitOfWork.read { try $0.webhooks.deliveries(of: webhook.id, limit: 1) } == [.fixture(2)])
            #expect(try unitOfWork.perform { try $0.webhooks.delete(webhook.id) })
            #expect(try unitOfWork.perform { try $0.webhooks.delete(webhook.id) } == false)
            try unitOfWork.perform { try $0.webhooks.record([.fixture(3)], of: webhook.id) }
            #expect(try unitOfWork.read { try $0.webhooks.deliveries(of: webhook.id, limit: 9) }.isEmpty)
        },
        ContractCheck("old deliveries are deleted, no more than asked for") { unitOfWork in
            try unitOfWork.perform { transaction in
                try transaction.webhooks.insert(.fixture(1), sealedSecret: [1])
                try transaction.webhooks.record((1...4).map { .fixture($0) }, of: .fixture(1))
            }
            func delete(_ seconds: Int64, limit: Int) throws -> Int {
                try unitOfWork.perform {
                    try $0.webhooks.deleteDeliveries(before: Timestamp.t0.adding(seconds: seconds), limit: limit)
                }
            }
            #expect(try delete(3, limit: 1) == 1)
            #expect(try delete(3, limit: 9) == 1)
            #expect(
                try unitOfWork.read { try $0.webhooks.deliveries(of: .fixture(1), limit: 9) }.map(\.sequence) == [4, 3]
            )
        },
    ]
}

extension WebhookID {
    /// The id that belongs to a small number.
    package static func fixture(_ number: UInt64) -> WebhookID {
        WebhookID(UUID(milliseconds: 1_767_323_045_678, random: (4, number)))
    }
}

extension Webhook {
    /// An active webhook that belongs to a small number.
    package static func fixture(_ number: UInt64) -> Webhook {
        Webhook(
            id: .fixture(number),
            url: WebhookURL(stored: "https://receiver.example/\(number)"),
            status: .active,
            createdAt: .t0,
            updatedAt: .t0
        )
    }
}

extension WebhookDelivery {
    /// The delivery of an event, so many seconds after `t0`.
    package static func fixture(_ sequence: Int64, microseconds: Int = 7_250) -> WebhookDelivery {
        WebhookDelivery(
            sequence: sequence,
            eventID: UUID(milliseconds: 1_767_323_045_678, random: (5, UInt64(sequence))),
            type: "user.created.v1",
            attempt: 1,
            instant: Timestamp.t0.adding(seconds: sequence),
            status: sequence == 2 ? nil : 200,
            microseconds: microseconds,
            outcome: sequence == 2 ? .unavailable : .delivered,
            reason: sequence == 2 ? "not reached" : ""
        )
    }
}

/// Lets everything be reached but the address of loopback.
package struct WebhookTargetsOutside: WebhookTargetRule {
    /// Makes one.
    package init() {}

    package func mayReach(_ url: WebhookURL) -> Bool { url.host != "127.0.0.1" }
}

/// Keeps secrets as they are, under the id of their webhook.
package struct CheapWebhookSealing: WebhookSealing {
    /// Makes one.
    package init() {}

    package func seal(_ secret: WebhookSecret, for id: WebhookID) -> [UInt8] { Array("\(id)".utf8) + secret.bytes }

    package func open(_ sealed: [UInt8], for id: WebhookID) -> WebhookSecret? {
        sealed.starts(with: Array("\(id)".utf8)) ? WebhookSecret(bytes: Array(sealed.dropFirst(36))) : nil
    }
}
