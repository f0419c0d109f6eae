import API
import RateLimiting
import Testing

extension RequestLimits {
    /// Limits of what is done by mail, by the hour; all others admit what a test asks.
    static func ofMail(address: Int, mail: Int) throws -> RequestLimits {
        func policy(_ name: String, _ number: UInt8, _ limit: Int = 1000) throws -> LimitPolicy {
            try #require(
                LimitPolicy(name, number: number, limit: limit, window: 3_600_000_000_000, onFailure: .refuse)
            )
        }
        let others = try (1...9).map { try policy("policy_\($0)", UInt8($0)) }
        return RequestLimits(
            LocalRateLimiter(slots: 4096, seed: Array(0..<16), clock: { 1_000_000_000_000 }),
            LimitPolicies(
                address: others[0],
                user: others[1],
                signInAddress: others[2],
                signIn: others[3],
                signInLong: others[4],
                signInAccount: others[5],
                signInAttacked: others[6],
                passwordChange: others[7],
                graphQLCost: others[8],
                mailAddress: try policy("mail_address", 10, address),
                mail: try policy("mail", 11, mail)
            )
        )
    }
}
