internal import API
internal import Cryptography
internal import GraphQL
internal import RateLimiting

/// Where the parts of GraphQL meet: what the threads of a worker share of it, and what each has of its own.
struct GraphQLComposition {
    private let settings: Settings
    private let heavy: HeavyOperations
    /// Some 20 MiB at most, with all that is made of the texts.
    private let documents = DocumentCache(capacity: 1000, bytes: 1 << 20)

    /// Makes what the threads share.
    init(settings: Settings) {
        self.settings = settings
        heavy = HeavyOperations(most: settings.heavyOperations)
    }

    /// What one thread answers GraphQL with; nil where it is not offered.
    func makeParts() throws -> GraphQLParts? {
        guard let profile = settings.graphQLProfile else { return nil }
        let highestCost = settings.limitsAreOn ? try settings.limitPolicies.graphQLCost.capacity : .max
        return GraphQLParts(
            profile: profile,
            hashing: SHA256DocumentHashes(),
            documents: documents,
            heavy: heavy,
            highestCost: highestCost
        )
    }
}

/// Documents are known by their SHA-256 as libsodium makes it.
private struct SHA256DocumentHashes: DocumentHashing {
    func sha256(_ bytes: [UInt8]) -> [UInt8] { SHA256.digest(bytes) }
}
