/// Where a user stands in an order: by what users are sorted by, then by the id.
///
/// No two users stand at the same place, so that a list can be read on from any.
package struct UserPosition: Hashable, Comparable, Sendable {
    /// What users are sorted by.
    package enum Value: Hashable, Sendable {
        /// A time.
        case instant(Timestamp)
        /// A folded text.
        case text(String)
    }

    /// What users are sorted by.
    package let value: Value

    /// What tells users apart that are alike.
    package let id: UserID

    /// Names a place, of a user or between users.
    package init(_ value: Value, _ id: UserID) {
        self.value = value
        self.id = id
    }

    /// The place of a user in an order.
    package init(of user: User, by key: UserSort.Key) {
        id = user.id
        value =
            switch key {
            case .createdAt: .instant(user.createdAt)
            case .updatedAt: .instant(user.updatedAt)
            case .email: .text(user.email.folded)
            case .name: .text(user.name.folded)
            }
    }

    /// The place right before this one: between the two stands nobody.
    package var predecessor: UserPosition { UserPosition(value, id.predecessor) }

    /// The place right behind this one: between the two stands nobody.
    package var successor: UserPosition { UserPosition(value, id.successor) }

    /// Compares times by time, texts by bytes; places of different orders do not compare.
    package static func < (left: UserPosition, right: UserPosition) -> Bool {
        switch (left.value, right.value) {
        case (.instant(let first), .instant(let second)) where first != second:
            first < second
        case (.text(let first), .text(let second)) where !first.utf8.elementsEqual(second.utf8):
            first.utf8.lexicographicallyPrecedes(second.utf8)
        default:
            left.id < right.id
        }
    }

    /// Compares texts by bytes, where `String` would take canonically equivalent ones for equal.
    package static func == (left: UserPosition, right: UserPosition) -> Bool {
        guard left.id == right.id else { return false }
        return switch (left.value, right.value) {
        case (.instant(let first), .instant(let second)): first == second
        case (.text(let first), .text(let second)): first.utf8.elementsEqual(second.utf8)
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(id)
    }
}

extension UserID {
    /// No user has it; all others are greater.
    package static var least: UserID { UserID(UUID(high: 0, low: 0)) }

    /// No user has it; all others are less.
    package static var greatest: UserID { UserID(UUID(high: .max, low: .max)) }

    fileprivate var predecessor: UserID {
        self == .least ? self : UserID(UUID(high: uuid.low == 0 ? uuid.high - 1 : uuid.high, low: uuid.low &- 1))
    }

    fileprivate var successor: UserID {
        self == .greatest ? self : UserID(UUID(high: uuid.low == .max ? uuid.high + 1 : uuid.high, low: uuid.low &+ 1))
    }
}
