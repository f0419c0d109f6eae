import Domain
import Testing

extension RepositoryContract {
    /// What a repository of users promises, but for pages.
    static let users: [ContractCheck] = [
        ContractCheck("a user comes back as stored, member by member") { unitOfWork in
            let user = User.fixture(
                7,
                email: "Ann.Example+tag@Example.COM",
                name: "Ann",
                role: .administrator,
                status: .disabled,
                createdAt: .t0,
                updatedAt: Timestamp(microseconds: Timestamp.t0.microseconds + 1),
                version: 9
            )
            try unitOfWork.perform { try $0.users.insert(user, passwordHash: PasswordHash("$hash$")) }
            #expect(try unitOfWork.storedUser(.fixture(7)) == user)
            let credentials = try unitOfWork.read { try $0.users.credentials(of: .fixture(7)) }
            #expect(credentials?.user == user)
            #expect(credentials?.passwordHash == PasswordHash("$hash$"))
        },
        ContractCheck("what was never stored is not found") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            let unknown = try EmailAddress("user2@example.com")
            #expect(try unitOfWork.storedUser(.fixture(2)) == nil)
            #expect(try unitOfWork.read { try $0.users.credentials(of: .fixture(2)) } == nil)
            #expect(try unitOfWork.read { try $0.users.credentials(for: unknown) } == nil)
        },
        ContractCheck("several users are found together, each once") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2), .fixture(3))
            try unitOfWork.read { (transaction: any Transaction) throws in
                let found = try transaction.users.find([.fixture(3), .fixture(1), .fixture(3), .fixture(9)])
                #expect(found.sorted { $0.id < $1.id } == [.fixture(1), .fixture(3)])
                #expect(try transaction.users.find([UserID]()).isEmpty)
            }
        },
        ContractCheck("a user without a password has no hash") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            let credentials = try unitOfWork.read { try $0.users.credentials(for: User.fixture(1).email) }
            #expect(credentials?.user == .fixture(1))
            #expect(credentials?.passwordHash == nil)
        },
        ContractCheck("an address is found in any case, beyond ASCII too, and comes back as typed") { unitOfWork in
            try unitOfWork.store(
                .fixture(1, email: "Ann@Example.com"),
                .fixture(2, email: "\u{C4}nne@B\u{FC}cher.example"),
                .fixture(3, email: "\u{3A9}\u{3BC}\u{3AD}\u{3B3}\u{3B1}@example.com")
            )
            let typed: [(String, UInt64)] = [
                ("aNN@eXAMPLE.COM", 1),
                ("\u{E4}NNE@b\u{DC}CHER.EXAMPLE", 2),
                ("\u{3C9}\u{39C}\u{388}\u{393}\u{391}@EXAMPLE.com", 3),
            ]
            for (text, number) in typed {
                let email = try EmailAddress(text)
                let found = try unitOfWork.read { try $0.users.credentials(for: email) }
                #expect(found?.user.id == .fixture(number))
            }
            #expect(try unitOfWork.storedUser(.fixture(2))?.email.text == "\u{C4}nne@B\u{FC}cher.example")
        },
        ContractCheck("addresses are compared by bytes once folded, without normalisation") { unitOfWork in
            try unitOfWork.store(.fixture(1, email: "\u{E9}@example.com"), .fixture(2, email: "e\u{301}@example.com"))
            let decomposed = try EmailAddress("E\u{301}@example.com")
            #expect(try unitOfWork.read { try $0.users.credentials(for: decomposed) }?.user.id == .fixture(2))
        },
        ContractCheck("an address that is taken is a conflict, in any case") { unitOfWork in
            try unitOfWork.store(.fixture(1, email: "Ann@example.com"), .fixture(2, email: "\u{C4}@example.com"))
            for taken in ["Ann@example.com", "aNN@EXAMPLE.com", "\u{E4}@example.com"] {
                #expect(throws: DomainError.conflict("email")) {
                    try unitOfWork.store(.fixture(3, email: taken))
                }
            }
            #expect(try unitOfWork.read { try $0.users.count() } == 2)
        },
        ContractCheck("an address that was given up is free again") { unitOfWork in
            try unitOfWork.store(.fixture(1, email: "old@example.com"), .fixture(2, email: "gone@example.com"))
            _ = try unitOfWork.perform { transaction in
                _ = try transaction.users.update(.fixture(1, email: "new@example.com"))
                return try transaction.users.delete(.fixture(2))
            }
            try unitOfWork.store(.fixture(3, email: "OLD@example.com"), .fixture(4, email: "GONE@example.com"))
            #expect(try unitOfWork.read { try $0.users.count() } == 3)
        },
        ContractCheck("an update stores every member but the creation and counts the version up") { unitOfWork in
            try unitOfWork.perform { try $0.users.insert(.fixture(1), passwordHash: PasswordHash("$hash$")) }
            let later = Timestamp.t0.adding(seconds: 60)
            let changed = User.fixture(
                1,
                email: "new@example.com",
                name: "New",
                role: .administrator,
                status: .disabled,
                createdAt: later,
                updatedAt: later
            )
            let expected = User.fixture(
                1,
                email: "new@example.com",
                name: "New",
                role: .administrator,
                status: .disabled,
                updatedAt: later,
                version: 2
            )
            #expect(try unitOfWork.perform { try $0.users.update(changed) } == expected)
            #expect(try unitOfWork.storedUser(.fixture(1)) == expected)
            let credentials = try unitOfWork.read { try $0.users.credentials(of: .fixture(1)) }
            #expect(credentials?.passwordHash == PasswordHash("$hash$"))
        },
        ContractCheck("an update of another version than the stored one is refused") { unitOfWork in
            try unitOfWork.store(.fixture(1, version: 3))
            for version in [2, 4] as [Int64] {
                #expect(throws: DomainError.preconditionFailed) {
                    try unitOfWork.perform { try $0.users.update(.fixture(1, name: "Late", version: version)) }
                }
            }
            #expect(try unitOfWork.storedUser(.fixture(1)) == .fixture(1, version: 3))
        },
        ContractCheck("an update of nobody finds nobody") { unitOfWork in
            #expect(throws: DomainError.notFound) {
                try unitOfWork.perform { try $0.users.update(.fixture(1)) }
            }
        },
        ContractCheck("an update may change the case of the own address, and never take another's") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2))
            let updated = try unitOfWork.perform { try $0.users.update(.fixture(1, email: "USER1@example.com")) }
            #expect(updated.email.text == "USER1@example.com")
            #expect(throws: DomainError.conflict("email")) {
                try unitOfWork.perform { try $0.users.update(.fixture(2, email: "User1@Example.com")) }
            }
            #expect(try unitOfWork.storedUser(.fixture(2)) == .fixture(2))
        },
        ContractCheck("setting the hash of a password changes nothing else") { unitOfWork in
            try unitOfWork.store(.fixture(1))
            try unitOfWork.perform { try $0.users.setPasswordHash(PasswordHash("$new$"), of: .fixture(1)) }
            let credentials = try unitOfWork.read { try $0.users.credentials(of: .fixture(1)) }
            #expect(credentials?.passwordHash == PasswordHash("$new$"))
            #expect(credentials?.user == .fixture(1))
            #expect(throws: DomainError.notFound) {
                try unitOfWork.perform { try $0.users.setPasswordHash(PasswordHash("$new$"), of: .fixture(2)) }
            }
        },
        ContractCheck("a deleted user is gone with all sessions, and others stay with theirs") { unitOfWork in
            try unitOfWork.store(.fixture(1), .fixture(2))
            try unitOfWork.perform { transaction in
                try transaction.sessions.insert(.fixture(1), tokenDigest: .fixture(1))
                try transaction.sessions.insert(.fixture(2), tokenDigest: .fixture(2))
                try transaction.sessions.insert(.fixture(3, of: .fixture(2)), tokenDigest: .fixture(3))
            }
            #expect(try unitOfWork.perform { try $0.users.delete(.fixture(1)) })
            #expect(try unitOfWork.storedUser(.fixture(1)) == nil)
            #expect(try unitOfWork.storedSession(.fixture(1)) == nil)
            #expect(try unitOfWork.storedSession(.fixture(2)) == nil)
            #expect(try unitOfWork.storedUser(.fixture(2)) == .fixture(2))
            // Not only out of sight.
            #expect(try unitOfWork.perform { try $0.sessions.delete(.fixture(1)) } == false)
            #expect(try unitOfWork.storedSession(.fixture(3)) == .fixture(3, of: .fixture(2)))
            #expect(try unitOfWork.perform { try $0.users.delete(.fixture(1)) } == false)
        },
        ContractCheck("only active administrators who have a password count as such") { unitOfWork in
            func count(otherThan number: UInt64) throws -> Int {
                try unitOfWork.read { try $0.users.countAdministrators(otherThan: .fixture(number)) }
            }
            #expect(try count(otherThan: 2) == 0)
            try unitOfWork.store(
                .fixture(1),
                .fixture(2, role: .administrator),
                .fixture(3, role: .administrator, status: .disabled),
                .fixture(4, status: .disabled),
                .fixture(5, role: .administrator)
            )
            #expect(try count(otherThan: 2) == 0)
            try unitOfWork.perform { transaction in
                for number: UInt64 in [1, 2, 3, 4] {
                    try transaction.users.setPasswordHash(PasswordHash("cheap"), of: .fixture(number))
                }
            }
            #expect(try count(otherThan: 2) == 0)
            #expect(try count(otherThan: 5) == 1)
            #expect(try count(otherThan: 99) == 1)
        },
        ContractCheck("the longest texts come back byte for byte") { unitOfWork in
            let names = [
                String(repeating: "\u{1F469}", count: 200),
                String(repeating: "e\u{301}", count: 100),
                "\u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F467} \u{202E}\u{5D0}\u{FEFF}\u{FFFD}\u{10FFFF}",
                "'; DROP TABLE users; -- \u{1}\u{7F}\n\t\\%_\"",
                " ",
            ]
            // Each of these letters grows by half when it is folded.
            let label = String(repeating: "\u{23A}", count: 31)
            let longest = "\(label)@\(label).\(label).\(label)"
            #expect(try EmailAddress(longest).folded.utf8.count > EmailAddress.longestInBytes)
            for (index, name) in names.enumerated() {
                let user = try User.fixture(
                    UInt64(index),
                    email: index == 0 ? longest : nil,
                    name: PersonName(name).text
                )
                try unitOfWork.store(user)
                // Names and addresses compare by bytes.
                #expect(try unitOfWork.storedUser(user.id) == user)
                #expect(try unitOfWork.read { try $0.users.credentials(for: user.email) }?.user == user)
            }
        },
    ]
}
