/// Something that is done when somebody shows the token of a mail, and so that the mail was received.
package struct Confirmation: Hashable, Sendable {
    /// What is confirmed.
    package enum Purpose: String, CaseIterable, Sendable {
        /// That somebody who has lost the password may set another; by whoever reads the mail of the address.
        case passwordReset = "password_reset"
        /// That a user's address is the user's.
        case verification
        /// That a user leaves an address for another; by a mail to the address that is left.
        case changeFrom = "change_from"
        /// That a user takes an address; by a mail to this address.
        case changeTo = "change_to"
    }

    /// Which one it is; no secret.
    package let id: ConfirmationID

    /// What is confirmed.
    package let purpose: Purpose

    /// Whose address it is about; nil where only the address is known, as of who cannot sign in.
    package let userID: UserID?

    /// Where the mail goes.
    package let email: EmailAddress

    /// The other half of a change of address, which needs both.
    package let partnerID: ConfirmationID?

    /// When it was asked for.
    package let createdAt: Timestamp

    /// When its token is worth nothing any more.
    package let expiresAt: Timestamp

    /// When its token was shown, where that is not its end; nil if it was not.
    package var confirmedAt: Timestamp?

    /// Takes all members.
    package init(
        id: ConfirmationID,
        purpose: Purpose,
        userID: UserID?,
        email: EmailAddress,
        partnerID: ConfirmationID? = nil,
        createdAt: Timestamp,
        expiresAt: Timestamp,
        confirmedAt: Timestamp? = nil
    ) {
        self.id = id
        self.purpose = purpose
        self.userID = userID
        self.email = email
        self.partnerID = partnerID
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.confirmedAt = confirmedAt
    }

    /// Whether its time is over.
    package func isOver(at instant: Timestamp) -> Bool { instant >= expiresAt }
}
