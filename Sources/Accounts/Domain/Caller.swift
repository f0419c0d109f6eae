/// Who asks for something, as far as it decides on what may be done.
///
/// What only a user can do, such as signing out, takes a ``Principal``; what an operator at the machine can do as well
/// takes any caller.
package protocol Caller: Sendable {
    /// Who the caller is, for the log of what happened.
    var actor: Actor { get }

    /// Whether the caller may do what only administrators may.
    var isAdministrator: Bool { get }

    /// Whether the caller may change anything at all.
    var mayChange: Bool { get }

    /// Whether the caller has proved enough to set passwords.
    var maySetPasswords: Bool { get }

    /// Whether a user is the caller's to see and to change; if not, there is no such user for the caller.
    func reaches(_ id: UserID) -> Bool
}

/// Whoever works at the machine: who may open the store may do everything, and needs no account for it.
///
/// The rules that hold for administrators hold for the operator too.
package struct Operator: Caller {
    /// There is one operator, as far as the store can tell.
    package init() {}

    package var isAdministrator: Bool { true }

    package var mayChange: Bool { true }

    package var maySetPasswords: Bool { true }

    package func reaches(_ id: UserID) -> Bool { true }
}
