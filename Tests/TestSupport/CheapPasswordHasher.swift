package import Domain

/// A hasher that costs nothing, hides nothing, and notes what it is asked to do.
package final class CheapPasswordHasher: PasswordHashing {
    /// What the hasher was asked to do.
    package enum Call: Hashable, Sendable {
        /// To hash a password.
        case hash
        /// To compare a password with a hash.
        case verify
        /// To compare a password with nothing.
        case decoy
    }

    /// What it was asked to do, in order.
    package private(set) var calls: [Call] = []

    /// The parameters of new hashes; a hash made with a lesser number is to be made anew.
    package var strength = 1

    /// What the next call of the kind throws.
    package var failures: [Call: any Error] = [:]

    /// What happens once, as if by somebody else, during the next comparison.
    package var duringNextVerification: (() throws -> Void)?

    private let isForbidden: () -> Bool

    /// Makes a hasher; while `isForbidden` says so, as in a transaction, every call throws `CalledInTransaction`.
    package init(isForbidden: @escaping () -> Bool = { false }) {
        self.isForbidden = isForbidden
    }

    /// Slow work was about to be done inside a transaction.
    package struct CalledInTransaction: Error {}

    package func hash(_ password: Password) throws -> PasswordHash {
        try note(.hash)
        return PasswordHash("cheap$\(strength)$\(String(decoding: Array(password.utf8), as: UTF8.self))")
    }

    package func verify(_ password: Password, against hash: PasswordHash) throws -> PasswordVerification {
        try note(.verify)
        let parts = hash.text.split(separator: "$", maxSplits: 2, omittingEmptySubsequences: false)
        let verification: PasswordVerification =
            parts[2].utf8.elementsEqual(password.utf8)
            ? .match(needsRehash: Int(parts[1]) != strength)
            : .mismatch
        if let interference = duringNextVerification {
            duringNextVerification = nil
            try interference()
        }
        return verification
    }

    package func verifyDecoy(_ password: Password) throws {
        try note(.decoy)
    }

    private func note(_ call: Call) throws {
        guard !isForbidden() else { throw CalledInTransaction() }
        calls.append(call)
        if let error = failures.removeValue(forKey: call) {
            throw error
        }
    }
}
