import Domain
import TestSupport

/// Who has an account at the site before a test begins.
enum Person: UInt64, CaseIterable {
    /// The one administrator.
    case ada = 1
    /// A member.
    case ben
    /// Another member.
    case cleo
    /// A disabled member, one of whose sessions has been left behind.
    case dora
    /// A member without a password.
    case emil

    var user: User {
        User.fixture(
            rawValue,
            email: "\(self)@example.com",
            name: "\(self)".capitalized,
            role: self == .ada ? .administrator : .member,
            status: self == .dora ? .disabled : .active,
            createdAt: Timestamp.t0.adding(seconds: Int64(rawValue) - 100 * 86_400)
        )
    }

    /// What proves who somebody is, and nobody else may see.
    var password: String? {
        self == .emil ? nil : "the password of \(self)"
    }

    /// The sessions and their tokens.
    var sessions: [(session: Session, token: String)] {
        switch self {
        case .ada: [session(1, Token.administrator)]
        case .ben: [session(2, Token.member), session(3, Token.expired, daysAgo: 14)]
        case .dora: [session(4, Token.disabled)]
        case .cleo, .emil: []
        }
    }

    private func session(_ number: UInt64, _ token: String, daysAgo: Int64 = 0) -> (session: Session, token: String) {
        (.fixture(number, of: .fixture(rawValue), at: Timestamp.t0.adding(seconds: -daysAgo * 86_400)), token)
    }
}

/// The tokens of sessions, and one of none.
enum Token {
    static let administrator = text("administrator")
    static let member = text("member")
    static let expired = text("expired")
    static let disabled = text("disabled")
    static let unknown = text("unknown")

    private static func text(_ word: String) -> String {
        SessionToken.prefix + word + String(repeating: "A", count: 43 - word.utf8.count)
    }
}

extension String {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
