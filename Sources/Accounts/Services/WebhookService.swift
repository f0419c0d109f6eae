package import Domain

/// What administrators can do with webhooks.
///
/// Beside what they name, all methods throw `forbidden` unless an administrator calls, `readOnlyKey` where something is
/// changed, `DomainError.unavailable` when the store is too busy, and faults. Blocking; for one thread at a time, as what it
/// is made of.
package struct WebhookService {
    /// So many tries, or dead letters, are shown.
    package static let shown = 100

    private let unitOfWork: any UnitOfWork
    private let sealing: any WebhookSealing
    private let targets: any WebhookTargetRule
    private let clock: any Clock
    private let random: any RandomSource

    /// Puts the service together.
    package init(
        unitOfWork: any UnitOfWork,
        sealing: any WebhookSealing,
        targets: any WebhookTargetRule,
        clock: any Clock,
        random: any RandomSource
    ) {
        self.unitOfWork = unitOfWork
        self.sealing = sealing
        self.targets = targets
        self.clock = clock
        self.random = random
    }

    /// Makes a webhook, which is sent what happens from now on.
    ///
    /// Throws `tooManyWebhooks`, and `validation` where nothing may be sent to.
    package func create<Answer>(
        _ url: WebhookURL,
        by caller: some Caller,
        answering: Answering<IssuedWebhook, Answer> = Answering<IssuedWebhook, IssuedWebhook>.plain
    ) throws -> Answer {
        try check(caller)
        try check(url)
        let now = clock.now()
        let webhook = Webhook(
            id: WebhookID(at: now, from: random),
            url: url,
            status: .active,
            createdAt: now,
            updatedAt: now
        )
        let secret = WebhookSecret(from: random)
        let sealed = sealing.seal(secret, for: webhook.id)
        let occasion = Occasion(at: now, by: caller.actor, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            guard try transaction.webhooks.list().count < Webhook.most else { throw DomainError.tooManyWebhooks }
            try transaction.webhooks.insert(webhook, sealedSecret: sealed)
            try transaction.events.append(occasion.events([.webhookCreated(webhook.id)]))
            try transaction.events.begin(consumer: webhook.consumer, atFirst: false)
            return IssuedWebhook(webhook: webhook, secret: secret)
        }
    }

    /// All webhooks, the oldest first; `Webhook.most` at most.
    package func list(by caller: some Caller) throws -> [Webhook] {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        return try unitOfWork.read { try $0.webhooks.list() }
    }

    /// One webhook, and how far it is.
    ///
    /// Throws `notFound`.
    package func read(_ id: WebhookID, by caller: some Caller) throws -> WatchedWebhook {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        return try unitOfWork.read { transaction in
            guard let webhook = try transaction.webhooks.find(id)?.webhook,
                let state = try transaction.events.state(of: webhook.consumer)
            else { throw DomainError.notFound }
            return WatchedWebhook(webhook: webhook, state: state)
        }
    }

    /// Sets where events are sent to, and whether they are; what waits is tried at once.
    ///
    /// Throws `notFound`, and `validation` where nothing may be sent to.
    package func update<Answer>(
        _ id: WebhookID,
        url: WebhookURL?,
        status: Webhook.Status?,
        by caller: some Caller,
        answering: Answering<Webhook, Answer> = Answering<Webhook, Webhook>.plain
    ) throws -> Answer {
        try check(caller)
        if let url { try check(url) }
        let now = clock.now()
        let occasion = Occasion(at: now, by: caller.actor, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            guard let stored = try transaction.webhooks.find(id)?.webhook else { throw DomainError.notFound }
            var webhook = stored
            webhook.url = url ?? webhook.url
            webhook.status = status ?? webhook.status
            // Whoever says that it is active wants it tried, also where it was.
            if webhook != stored || status == .active { try transaction.events.beginAnew(consumer: webhook.consumer) }
            guard webhook != stored else { return stored }
            webhook.updatedAt = now
            guard try transaction.webhooks.update(webhook) else { throw DomainError.notFound }
            try transaction.events.append(occasion.events([.webhookChanged(id)]))
            return webhook
        }
    }

    /// Deletes a webhook, with what it has not been sent yet.
    ///
    /// Throws `notFound`.
    package func delete<Answer>(
        _ id: WebhookID,
        by caller: some Caller,
        answering: Answering<Void, Answer> = Answering<Void, Void>.plain
    ) throws -> Answer {
        try check(caller)
        let occasion = Occasion(at: clock.now(), by: caller.actor, from: answering.origin, random)
        return try unitOfWork.perform(answering) { transaction in
            guard try transaction.webhooks.delete(id) else { throw DomainError.notFound }
            try transaction.events.end(consumer: Webhook.consumer(id))
            try transaction.events.append(occasion.events([.webhookDeleted(id)]))
        }
    }

    /// The last tries to send something, the newest first.
    ///
    /// Throws `notFound`.
    package func deliveries(of id: WebhookID, limit: Int, by caller: some Caller) throws -> [WebhookDelivery] {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        return try unitOfWork.read { transaction in
            guard try transaction.webhooks.find(id) != nil else { throw DomainError.notFound }
            return try transaction.webhooks.deliveries(of: id, limit: limit)
        }
    }

    /// What was given up, the oldest first.
    ///
    /// Throws `notFound`.
    package func deadLetters(of id: WebhookID, limit: Int, by caller: some Caller) throws -> [DeadLetter] {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        return try unitOfWork.read { transaction in
            guard try transaction.webhooks.find(id) != nil else { throw DomainError.notFound }
            return try transaction.events.deadLetters(of: Webhook.consumer(id), limit: limit)
        }
    }

    /// Has what was given up sent again, the first of it, and tells how much.
    ///
    /// Throws `notFound`.
    package func replay<Answer>(
        _ id: WebhookID,
        by caller: some Caller,
        answering: Answering<Int, Answer> = Answering<Int, Int>.plain
    ) throws -> Answer {
        try check(caller)
        let now = clock.now()
        return try unitOfWork.perform(answering) { transaction in
            guard try transaction.webhooks.find(id) != nil else { throw DomainError.notFound }
            return try transaction.events.tellAgain(of: Webhook.consumer(id), at: now)
        }
    }

    private func check(_ url: WebhookURL) throws {
        guard !targets.mayReach(url) else { return }
        throw DomainError.validation([FieldError(field: "url", message: InvalidValue.webhookTarget.message)])
    }

    private func check(_ caller: some Caller) throws {
        guard caller.isAdministrator else { throw DomainError.forbidden }
        try caller.checkMayChange()
    }
}

/// A webhook that has just been made, with the secret that is shown this once.
package struct IssuedWebhook: Sendable {
    /// The webhook.
    package let webhook: Webhook
    /// What signs its messages.
    package let secret: WebhookSecret
}

/// A webhook, and how far it is.
package struct WatchedWebhook: Sendable {
    /// The webhook.
    package let webhook: Webhook
    /// How far it is.
    package let state: ConsumerState
}
