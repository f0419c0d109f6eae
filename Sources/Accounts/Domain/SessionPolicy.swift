/// How long sessions live.
package struct SessionPolicy: Hashable, Sendable {
    /// How many sessions of a user are stored at most, ended ones too, so that their list is one page.
    ///
    /// Who begins one more loses the one that was used longest ago.
    package static let mostPerUser = 100

    /// Seconds without use after which a session ends.
    package let idleSeconds: Int64

    /// Seconds after which a session ends, used or not.
    package let totalSeconds: Int64

    /// Seconds that pass at least between two notes of a session's use, so that not every request writes.
    package let touchSeconds: Int64

    /// Takes the three spans; the defaults are 14 days, 90 days and 5 minutes.
    package init(idleSeconds: Int64 = 14 * 86_400, totalSeconds: Int64 = 90 * 86_400, touchSeconds: Int64 = 300) {
        self.idleSeconds = idleSeconds
        self.totalSeconds = totalSeconds
        self.touchSeconds = touchSeconds
    }
}
