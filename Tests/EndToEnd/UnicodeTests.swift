import JSON
import Testing

extension EndToEndTests {
    /// Texts of any script on their way to the database file and back.
    @Suite struct UnicodeTests {
        @Test func `names of all planes come back as they were sent, in every answer`() throws {
            try Instance.run { instance in
                let client = HTTPClient(instance.plainSocket)
                let admin = try instance.signIn()
                let names = Self.namesOfAllPlanes + Self.peculiarNames
                let made = try client.send(
                    HTTPRequest("POST", "/api/v1/users/batch", token: admin, json: Self.batch(naming: names))
                )
                #expect(made.status == 201, "\(made.text.prefix(500))")
                let users = try made.json()["data"]?.elements ?? []
                #expect(users.map { $0["name"] } == names.map(JSONValue.string))

                let list = try client.send(
                    HTTPRequest("GET", "/api/v1/users?sort=email&per_page=100&email_prefix=n", token: admin)
                )
                #expect(try list.json()["data"]?.elements.map { $0["name"] } == names.map(JSONValue.string))

                for (user, name) in zip(users, names) {
                    let path = "/api/v1/users/\(user["id"]?.string ?? "")"
                    let read = try client.send(HTTPRequest("GET", path, token: admin))
                    #expect(try read.json()["data"]?["name"] == .string(name))
                    #expect(try read.json()["data"] == user)
                }
            }
        }

        @Test func `a name is changed to any other, also to one that only looks the same`() throws {
            try Instance.run { instance in
                let client = HTTPClient(instance.plainSocket)
                let admin = try instance.signIn()
                let path = "/api/v1/users/\(try instance.createUser("ada@example.com", as: admin))"
                for name in Self.peculiarNames {
                    let changed = try client.send(
                        HTTPRequest("PATCH", path, token: admin, json: Self.text { $0.member("name", name) })
                    )
                    #expect(changed.status == 200, "\(changed.text)")
                    #expect(try changed.json()["data"]?["name"] == .string(name))
                    let read = try client.send(HTTPRequest("GET", path, token: admin))
                    #expect(try read.json()["data"]?["name"] == .string(name))
                }
            }
        }

        @Test func `addresses come back as they were sent and are found again`() throws {
            try Instance.run { instance in
                let client = HTTPClient(instance.plainSocket)
                let admin = try instance.signIn()
                for address in Self.addresses {
                    let body = Self.text { user in
                        user.member("email", address)
                        user.member("name", address)
                    }
                    let made = try client.send(HTTPRequest("POST", "/api/v1/users", token: admin, json: body))
                    #expect(made.status == 201, "\(address): \(made.text)")
                    let query = address.utf8.map { "%\(String($0 >> 4, radix: 16))\(String($0 & 15, radix: 16))" }
                        .joined()
                    let found = try client.send(HTTPRequest("GET", "/api/v1/users?email=\(query)", token: admin))
                    let users = try found.json()["data"]?.elements ?? []
                    #expect(users.map { $0["email"] } == [.string(address)], "\(address)")
                }
            }
        }

        /// Scalars of all planes, those that no font shows among them, 200 in each name; U+0000 is the one that a name must
        /// not have.
        private static let namesOfAllPlanes: [String] = {
            let scalars = stride(from: UInt32(1), through: 0x10FFFF, by: 101).compactMap(Unicode.Scalar.init(_:))
            return stride(from: 0, to: scalars.count, by: 200).map { start in
                var name = String.UnicodeScalarView()
                name.append(contentsOf: scalars[start..<min(start + 200, scalars.count)])
                return String(name)
            }
        }()

        private static let peculiarNames = [
            // The same letter composed and in parts, and in either of two sequences of its marks.
            "\u{E9}", "e\u{301}", "\u{1EAD}", "\u{E2}\u{323}", "a\u{323}\u{302}", "a\u{302}\u{323}", "\u{212B}",
            "\u{C5}",
            // Hangul as a syllable and in parts, a ligature, other forms of the digits.
            "\u{AC00}", "\u{1100}\u{1161}", "\u{FB01}", "\u{FF11}\u{2460}", "\u{1D7D8}",
            // From right to left, with marks that turn the direction.
            "\u{5D0}\u{5B7}\u{5D1}", "\u{627}\u{644}\u{639}", "\u{202E}abc\u{202C}", "\u{2067}x\u{2069}", "\u{200F}",
            // One picture of several, and flags.
            "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}", "\u{1F1E9}\u{1F1EA}", "\u{1F44D}\u{1F3FD}",
            "\u{2764}\u{FE0F}",
            // Marks without a letter, and very many of them.
            "\u{301}", "Z" + String(repeating: "\u{35F}", count: 199),
            // Noncharacters, private use, marks of byte order, separators of lines, controls.
            "\u{FFFF}", "\u{FFFE}", String(decoding: [0xEF, 0xB7, 0x90], as: UTF8.self), "\u{10FFFF}", "\u{F8FF}",
            "\u{FEFF}", "\u{FEFF}x", "\u{2028}\u{2029}",
            "\u{1}\u{1F}\u{7F}\u{85}\u{9F}", "\t\r\n", " ", "\u{A0}", "\u{200B}", "\u{E0001}\u{E007F}",
            // What would mean something elsewhere.
            "\"\\/'`", "</script>&amp;%00", "Robert'); DROP TABLE users;--", "\u{130}\u{131}I\u{DF}\u{1E9E}",
            String(repeating: "\u{10FFFF}", count: 200),
        ]

        private static let addresses = [
            "jos\u{E9}@example.com", "jose\u{301}@example.com", "m\u{FC}ller@b\u{FC}cher.example",
            "\u{7528}\u{6237}@example.com",
            "\u{627}\u{644}@\u{645}\u{62B}\u{627}\u{644}.example", "\u{915}\u{94D}\u{937}@example.com",
            "\u{3B1}\u{3B2}\u{3C2}@\u{3B5}\u{3BB}.example", "I\u{130}\u{131}@example.com",
            "\u{20000}\u{2A6DF}@example.com",
            "\u{1D400}@example.com", "\u{FB01}@example.com", "Mixed.Case+tag@Example.COM",
            "!#$%&'*+-/=?^_`{|}~@localhost",
        ]

        private static func batch(naming names: [String]) -> String {
            text { body in
                body.array("users") { users in
                    for (number, name) in names.enumerated() {
                        users.object { user in
                            user.member("email", "n\(1000 + number)@example.com")
                            user.member("name", name)
                        }
                    }
                }
            }
        }

        private static func text(_ members: (inout JSONWriter) -> Void) -> String {
            var writer = JSONWriter()
            writer.object(members)
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }
}
