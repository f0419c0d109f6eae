internal import API
internal import ArgumentParser
internal import Console
internal import Domain
internal import Services

/// `gatehouse webhooks`: where events are sent to.
struct Webhooks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks",
        abstract: "Works on webhooks, to which events are sent.",
        subcommands: [
            List.self, Create.self, Show.self, Enable.self, Disable.self, Delete.self, Deliveries.self, Replay.self,
        ]
    )

    /// Sets whether events are sent, and tells it.
    private static func set(_ status: Webhook.Status, of id: WebhookID, _ instance: InstanceOptions) throws {
        try work(instance) { service in
            _ = try service.update(id, url: nil, status: status, by: Operator())
            try Output.line("webhook \(id) is \(status.rawValue)")
        }
    }

    /// Runs a command's work with the service.
    private static func work(
        _ instance: InstanceOptions,
        _ body: (WebhookService) throws -> Void
    ) throws {
        try Failure.reporting {
            let settings = try Settings(directory: instance.directory)
            let composition = try CommandComposition(settings: settings)
            let keys = try KeyFile(path: instance.directory.keysFile).read()
            try body(WebhookComposition(keys: keys, targets: settings.webhookTargets).service(composition.unitOfWork))
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Lists webhooks, the oldest first."
        )

        @OptionGroup var instance: InstanceOptions
        @OptionGroup var output: JSONFlag

        func run() throws {
            try Webhooks.work(instance) { service in
                var list = ListOutput<Webhook>(
                    asJSON: output.json,
                    head: ["ID", "STATUS", "CREATED", "URL"],
                    row: { [$0.id.description, $0.status.rawValue, $0.createdAt.shown, $0.url.text] },
                    write: ResourceDocument.write(_:to:)
                )
                try list.show(try service.list(by: Operator()))
                try list.finish()
            }
        }
    }

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Makes a webhook, and prints its id and its secret, which is shown this once.",
            discussion: "It is sent what happens from now on."
        )

        @OptionGroup var instance: InstanceOptions
        @Argument(help: "Where to, by https.") var url: String

        func run() throws {
            try Webhooks.work(instance) { service in
                let issued = try service.create(try checked(), by: Operator())
                try Output.line("id \(issued.webhook.id)")
                try Output.line("secret \(issued.secret.text)")
            }
        }

        private func checked() throws -> WebhookURL {
            do throws(InvalidValue) { return try WebhookURL(url) } catch {
                throw Failure(.usage, "the url \(error.message)")
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Shows a webhook, and how far it is."
        )

        @OptionGroup var instance: InstanceOptions
        @Argument(help: "The id of the webhook.") var id: WebhookID
        @OptionGroup var output: JSONFlag

        func run() throws {
            try Webhooks.work(instance) { service in
                let watched = try service.read(id, by: Operator())
                if output.json { return try Output.document { ResourceDocument.write(watched, to: &$0) } }
                let (webhook, state) = (watched.webhook, watched.state)
                try Output.lines([
                    "id            \(webhook.id)", "url           \(webhook.url.text)",
                    "status        \(webhook.status.rawValue)", "behind        \(state.behind)",
                    "waiting       \(state.waiting)", "dead letters  \(state.givenUp)",
                ])
                if let since = state.failingSince {
                    try Output.line("failing since \(since.shown): \(state.reason.neutralised)")
                }
            }
        }
    }

    struct Enable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable",
            abstract: "Has events sent again, with those that waited."
        )

        @OptionGroup var instance: InstanceOptions
        @Argument(help: "The id of the webhook.") var id: WebhookID

        func run() throws {
            try Webhooks.set(.active, of: id, instance)
        }
    }

    struct Disable: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "disable", abstract: "Has events wait.")

        @OptionGroup var instance: InstanceOptions
        @Argument(help: "The id of the webhook.") var id: WebhookID

        func run() throws {
            try Webhooks.set(.disabled, of: id, instance)
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Deletes a webhook, with what waited for it."
        )

        @OptionGroup var instance: InstanceOptions
        @Argument(help: "The id of the webhook.") var id: WebhookID
        @OptionGroup var confirmation: Confirmation

        func run() throws {
            try Webhooks.work(instance) { service in
                try confirmation.require("Delete webhook \(id)?")
                try service.delete(id, by: Operator())
                try Output.line("webhook \(id) is deleted")
            }
        }
    }

    struct Deliveries: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "deliveries",
            abstract: "Lists the last tries to send something, the newest first, or what was given up."
        )

        @OptionGroup var instance: InstanceOptions
        @Argument(help: "The id of the webhook.") var id: WebhookID
        @Flag(help: "Lists what was given up, the oldest first.") var dead = false
        @OptionGroup var output: JSONFlag

        func run() throws {
            try Webhooks.work(instance) { service in
                if dead {
                    var list = ListOutput<DeadLetter>(
                        asJSON: output.json,
                        head: ["EVENT", "TYPE", "TRIES", "GIVEN UP", "REASON"],
                        row: { [$0.eventID.description, $0.type, "\($0.attempts)", $0.givenUpAt.shown, $0.reason] },
                        write: ResourceDocument.write(_:to:)
                    )
                    try list.show(try service.deadLetters(of: id, limit: WebhookService.shown, by: Operator()))
                    return try list.finish()
                }
                var list = ListOutput<WebhookDelivery>(
                    asJSON: output.json,
                    head: ["EVENT", "TYPE", "TRY", "WHEN", "STATUS", "MS", "OUTCOME", "REASON"],
                    row: { delivery in
                        [
                            delivery.eventID.description, delivery.type, "\(delivery.attempt)", delivery.instant.shown,
                            delivery.status.map { "\($0)" } ?? "-", "\(delivery.microseconds / 1000)",
                            delivery.outcome.rawValue, delivery.reason,
                        ]
                    },
                    write: ResourceDocument.write(_:to:)
                )
                try list.show(try service.deliveries(of: id, limit: WebhookService.shown, by: Operator()))
                try list.finish()
            }
        }
    }

    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "replay",
            abstract: "Has what was given up sent again.",
            discussion: "A thousand events at most. Those that came later may have been sent before."
        )

        @OptionGroup var instance: InstanceOptions
        @Argument(help: "The id of the webhook.") var id: WebhookID

        func run() throws {
            try Webhooks.work(instance) { service in
                let count = try service.replay(id, by: Operator())
                try Output.line("\(count) events are sent again")
            }
        }
    }
}
