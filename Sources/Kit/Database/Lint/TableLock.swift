/// The lock of a table that a statement takes on PostgreSQL.
public struct TableLock: Hashable, Sendable {
    /// How much a lock keeps others from (https://www.postgresql.org/docs/15/explicit-locking.html#LOCKING-TABLES).
    public enum Mode: String, Hashable, Sendable, CaseIterable, Comparable {
        /// Of who reads.
        case accessShare = "ACCESS SHARE"
        /// Of who writes.
        case rowExclusive = "ROW EXCLUSIVE"
        /// Of what goes on beside readers and writers.
        case shareUpdateExclusive = "SHARE UPDATE EXCLUSIVE"
        /// Keeps writers waiting.
        case share = "SHARE"
        /// Keeps writers waiting.
        case shareRowExclusive = "SHARE ROW EXCLUSIVE"
        /// Keeps everybody waiting.
        case accessExclusive = "ACCESS EXCLUSIVE"

        /// Who waits for it to end.
        public var keepsWaiting: String {
            switch self {
            case .accessShare, .rowExclusive, .shareUpdateExclusive: "nobody"
            case .share, .shareRowExclusive: "writers"
            case .accessExclusive: "readers and writers"
            }
        }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        /// The one that keeps more from going on is the greater.
        public static func < (one: Mode, other: Mode) -> Bool { one.rank < other.rank }
    }

    /// The table.
    public let table: String
    /// How much it keeps others from.
    public let mode: Mode

    /// Names a lock.
    public init(table: String, mode: Mode) {
        (self.table, self.mode) = (table, mode)
    }
}
