internal import Domain
internal import HTTPPipeline
internal import OpenAPI

/// What the routes of users take and answer.
extension Contract {
    static let listUsers = Contract("listUsers", .users, "List users")
        .telling(
            "By the number of a page, or by cursor for walks of any length. Filters go together with some orders only: "
                + "what no index can serve is 400, and the answer names what can."
        )
        .taking(query: UserQuery.list)
        .taking(.prefer)
        .answering(
            .ok,
            "A page of users.",
            .chosen(User.representation),
            .link,
            .cacheControl,
            .vary,
            .preferenceApplied
        )

    static let createUser = Contract("createUser", .users, "Make an account")
        .telling(
            "Where registration is open anyone may, for an account of one's own. Administrators may leave out the "
                + "password, and choose role and status."
        )
        .taking(body: .of(UserBody.registration, administrator: UserBody.creation))
        .answering(.created, "The new user.", .one(User.representation), .location, .entityTag, .cacheControl, .vary)
        .refusing(.conflict, emailTaken, "The address is taken: `CONFLICT`.")

    static let createUsers = Contract("createUsers", .users, "Make many accounts")
        .telling("Up to 100 without passwords, all or none.")
        .taking(body: .of(UserBody.batch))
        .answering(.created, "The new users.", .many(User.representation), .cacheControl, .vary)
        .refusing(.conflict, emailTaken, "Addresses are taken, and none was made: `CONFLICT`.")

    static let readStatistics = Contract("readUserStatistics", .users, "Count users")
        .answering(.ok, "The numbers.", .one(UserStatistics.representation), .cacheControl, .vary)

    static let readUser = Contract("readUser", .users, "Read a user")
        .telling("Members see only themselves.")
        .answering(.ok, "The user.", .one(User.representation), .entityTag, .cacheControl, .vary)

    static let replaceUser = Contract("replaceUser", .users, "Replace a user")
        .telling(
            "What cannot be written here is taken where it equals the present value, so that what was read can be sent back."
        )
        .taking(body: .of(UserBody.replacement))
        .answering(.ok, "The user.", .one(User.representation), .entityTag, .cacheControl, .vary)
        .refusing(.conflict, emailTaken, "The address is taken: `CONFLICT`.")

    static let updateUser = Contract("updateUser", .users, "Change a user")
        .telling("A merge patch (RFC 7396): what is left out stays. Password, role and status are an administrator's.")
        .taking(body: .of(UserBody.changes, showing: ["name"]))
        .answering(.ok, "The user.", .one(User.representation), .entityTag, .cacheControl, .vary)
        .refusing(.conflict, emailTaken, "The address is taken, or nobody would be left to administer: `CONFLICT`.")

    static let deleteUser = Contract("deleteUser", .users, "Delete a user")
        .telling("All sessions and API keys end with it.")
        .answering(.noContent, "It is gone.")
        .refusing(
            .conflict,
            "The last active administrator cannot be deleted, disabled or demoted.",
            "Nobody would be left to administer: `CONFLICT`."
        )

    static let readMe = Contract("readMe", .me, "Read my account")
        .answering(.ok, "The caller.", .one(User.representation), .entityTag, .cacheControl, .vary)

    static let changePassword = Contract("changePassword", .me, "Change my password")
        .telling("This session goes on, all others of the caller end, API keys stay.")
        .taking(body: .of(PasswordBody.change))
        .answering(.noContent, "It is changed.")

    private static let emailTaken = "Other resources already have some of these values."
}

extension ValueSchema {
    /// `{"data": {...}}`.
    static func one<Resource>(_ representation: Representation<Resource>) -> ValueSchema {
        Envelope.data(.object(representation.shape))
    }

    /// `{"data": [...]}`.
    static func many<Resource>(_ representation: Representation<Resource>) -> ValueSchema {
        Envelope.data(.array(of: .object(representation.shape)))
    }

    /// `{"data": [...], "meta": {...}}`, always one page.
    static func all<Resource>(_ representation: Representation<Resource>) -> ValueSchema {
        Envelope.list(of: .object(representation.shape), meta: Envelope.page)
    }

    /// `{"data": [...], "meta": {...}}`, by page or by cursor, with the members that the client has chosen.
    static func chosen<Resource>(_ representation: Representation<Resource>) -> ValueSchema {
        let shape = representation.shape.partial(representation.name.map { "Partial\($0)" })
        return Envelope.list(of: .object(shape), meta: .anyOf([Envelope.page, Envelope.stretch]))
    }
}
