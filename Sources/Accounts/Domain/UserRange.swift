/// A stretch of an order of users, between two places that do not belong to it.
package struct UserRange: Hashable, Sendable {
    /// Everyone stands behind it; nil where the stretch begins with the first.
    package let lower: UserPosition?

    /// Everyone stands before it; nil where the stretch ends with the last.
    package let upper: UserPosition?

    /// Names the ends.
    package init(lower: UserPosition? = nil, upper: UserPosition? = nil) {
        self.lower = lower
        self.upper = upper
    }

    /// Whether a place is in the stretch.
    package func contains(_ position: UserPosition) -> Bool {
        (lower.map { $0 < position } ?? true) && (upper.map { position < $0 } ?? true)
    }
}
