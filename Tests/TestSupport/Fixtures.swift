package import Domain

extension Timestamp {
    /// The instant at which tests begin: 2026-01-02T03:04:05.678901Z.
    package static let t0 = Timestamp(microseconds: 1_767_323_045_678_901)
}

extension UserID {
    /// The id that belongs to a small number; greater numbers make greater ids.
    package static func fixture(_ number: UInt64) -> UserID {
        UserID(UUID(milliseconds: 1_767_323_045_678, random: (0, number)))
    }
}

extension SessionID {
    /// The id that belongs to a small number.
    package static func fixture(_ number: UInt64) -> SessionID {
        SessionID(UUID(milliseconds: 1_767_323_045_678, random: (1, number)))
    }
}

extension TokenDigest {
    /// The digest that belongs to a small number.
    package static func fixture(_ number: UInt8) -> TokenDigest {
        TokenDigest(bytes: Array(repeating: 0xA5, count: 31) + [number])
    }
}

extension SessionOrigin {
    /// Some browser.
    package static let fixture = SessionOrigin(address: "192.0.2.7", userAgent: "Browser/1.0")
}

extension User {
    /// A user who belongs to a small number: `user1@example.com`, "User 1", an active member made at `t0`.
    package static func fixture(
        _ number: UInt64 = 1,
        email: String? = nil,
        name: String? = nil,
        role: Role = .member,
        status: UserStatus = .active,
        createdAt: Timestamp = .t0,
        updatedAt: Timestamp? = nil,
        version: Int64 = 1
    ) -> User {
        User(
            id: .fixture(number),
            email: EmailAddress(stored: email ?? "user\(number)@example.com"),
            name: PersonName(stored: name ?? "User \(number)"),
            role: role,
            status: status,
            createdAt: createdAt,
            updatedAt: updatedAt ?? createdAt,
            version: version
        )
    }
}

extension Session {
    /// A session that belongs to a small number, begun at `t0` under the default policy.
    package static func fixture(
        _ number: UInt64 = 1,
        of userID: UserID = .fixture(1),
        at instant: Timestamp = .t0,
        origin: SessionOrigin = .fixture
    ) -> Session {
        Session(id: .fixture(number), of: userID, at: instant, from: origin, under: SessionPolicy())
    }
}

extension ConfirmationID {
    /// The id that belongs to a small number.
    package static func fixture(_ number: UInt64) -> ConfirmationID {
        ConfirmationID(UUID(milliseconds: 1_767_323_045_678, random: (3, number)))
    }
}

extension APIKeyID {
    /// The id that belongs to a small number.
    package static func fixture(_ number: UInt64) -> APIKeyID {
        APIKeyID(UUID(milliseconds: 1_767_323_045_678, random: (2, number)))
    }
}

extension APIKey {
    /// A key that belongs to a small number, made at `t0` and never used.
    package static func fixture(
        _ number: UInt64 = 1,
        of userID: UserID = .fixture(1),
        access: APIKeyAccess = .read,
        expiresAt: Timestamp? = nil
    ) -> APIKey {
        APIKey(
            id: .fixture(number),
            userID: userID,
            name: APIKeyName(stored: "Key \(number)"),
            access: access,
            createdAt: .t0,
            expiresAt: expiresAt
        )
    }
}
