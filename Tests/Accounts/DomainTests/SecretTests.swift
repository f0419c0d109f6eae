import Domain
import TestSupport
import Testing

struct SecretTests {
    @Test func `no way of printing shows a secret`() throws {
        let token = SessionToken(from: SeededRandom())
        let secrets: [(any Secret, String)] = [
            (try Password("correct horse battery"), "correct horse battery"),
            (PasswordHash("correct horse battery"), "correct horse battery"),
            (token, token.text),
        ]
        for (secret, content) in secrets {
            var dumped = ""
            dump((secret, [secret]), to: &dumped)
            let credentials = UserCredentials(user: .fixture(), passwordHash: secret as? PasswordHash)
            dump(credentials, to: &dumped)
            let shown = [
                "\(secret)", String(describing: secret), String(reflecting: secret), "\([secret])",
                "\(Optional(secret) as Any)", "\(credentials)", dumped,
            ]
            for text in shown {
                #expect(!text.contains(content))
            }
            #expect("\(secret)" == "\(type(of: secret))(hidden)")
        }
    }
}
