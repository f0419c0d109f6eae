internal import Domain
internal import Services

/// An enumeration of the schema: a choice that members and attributes declare, under a name.
struct Enumeration {
    let name: String
    /// The objects in which it is meant where others have the same choices.
    var owners: Set<String> = []
    let about: String
    /// The choices as the rest of the API writes them.
    let choices: [String]

    /// All of them.
    static let all = [
        Enumeration(
            name: "WebhookStatus",
            owners: ["Webhook", "WatchedWebhook", "WebhookChanges"],
            about: "Whether events are sent.",
            choices: Webhook.Status.allCases.map(\.rawValue)
        ),
        Enumeration(
            name: "DeliveryOutcome",
            about: "What became of a try to send an event.",
            choices: WebhookDelivery.Outcome.allCases.map(\.rawValue)
        ),
        Enumeration(name: "Role", about: "What a user may do.", choices: Role.allCases.map(\.rawValue)),
        Enumeration(
            name: "UserStatus",
            about: "Whether a user may sign in.",
            choices: UserStatus.allCases.map(\.rawValue)
        ),
        Enumeration(
            name: "APIKeyAccess",
            about: "What may be done with an API key.",
            choices: APIKeyAccess.allCases.map(\.rawValue)
        ),
        Enumeration(
            name: "UserSort",
            about: "The orders of lists of users; users that are alike stand in the order of their ids.",
            choices: UserSort.names.map(\.name)
        ),
        Enumeration(
            name: "ActorKind",
            about: "A user, whoever works at the machine, or somebody who had not signed in.",
            choices: ActorRepresentation.kinds
        ),
        Enumeration(
            name: "EmailChangeStatus",
            about: "How far a change of address has come.",
            choices: ConfirmationService.ChangeProgress.allCases.map(\.rawValue)
        ),
    ]

    /// The one of these choices in an object; nil where nobody has given them a name.
    static func of(_ choices: [String], in owner: String?) -> Enumeration? {
        all.first { $0.choices == choices && ($0.owners.isEmpty || owner.map($0.owners.contains) == true) }
    }

    /// The choice for the name of a value.
    func choice(_ value: String) -> String? { choices.first { GraphQLNames.value($0) == value } }
}
