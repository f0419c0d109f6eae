package import Database
package import Domain

// How the values of the domain stand in columns.

extension UUID {
    /// The 16 bytes, which both engines sort like the text.
    var databaseValue: DatabaseValue {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        for half in [high, low] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) { bytes.append(UInt8(half >> shift & 0xff)) }
        }
        return .bytes(bytes)
    }

    fileprivate init(_ bytes: Span<UInt8>) throws {
        guard bytes.count == 16 else { throw StorageFault("an id has \(bytes.count) bytes") }
        var halves: (UInt64, UInt64) = (0, 0)
        for index in 0..<8 { halves.0 = halves.0 << 8 | UInt64(bytes[index]) }
        for index in 8..<16 { halves.1 = halves.1 << 8 | UInt64(bytes[index]) }
        self.init(high: halves.0, low: halves.1)
    }
}

extension Identifier: DatabaseValueConvertible {
    /// The 16 bytes.
    package var databaseValue: DatabaseValue { uuid.databaseValue }
}

extension Timestamp: DatabaseValueConvertible {
    /// Microseconds since the epoch.
    package var databaseValue: DatabaseValue { .integer(microseconds) }
}

extension Row {
    func uuid(_ column: Int) throws -> UUID {
        try withBytes(column) { try UUID($0) }
    }

    func timestamp(_ column: Int) throws -> Timestamp {
        Timestamp(microseconds: try int64(column))
    }

    func role(_ column: Int) throws -> Role {
        guard let role = Role(rawValue: try string(column)) else { throw StorageFault("a user has an unknown role") }
        return role
    }

    func status(_ column: Int) throws -> UserStatus {
        guard let status = UserStatus(rawValue: try string(column)) else {
            throw StorageFault("a user has an unknown status")
        }
        return status
    }

    /// Reads the columns of ``UserStatements/columns``, which begin at `first`.
    func user(from first: Int = 0) throws -> User {
        User(
            id: UserID(try uuid(first)),
            email: EmailAddress(stored: try string(first + 1)),
            name: PersonName(stored: try string(first + 2)),
            role: try role(first + 3),
            status: try status(first + 4),
            createdAt: try timestamp(first + 5),
            updatedAt: try timestamp(first + 6),
            version: try int64(first + 7)
        )
    }

    /// Reads the columns of a user, and the hash of the password behind them.
    func credentials() throws -> UserCredentials {
        UserCredentials(user: try user(), passwordHash: try optionalString(8).map(PasswordHash.init(_:)))
    }
}
