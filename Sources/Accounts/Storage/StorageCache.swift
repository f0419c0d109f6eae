package import Caching
package import Database
internal import Domain

/// The kinds of things that are cached, with the places of their counters.
///
/// Never among them: password hashes, tokens (their digests are keys), and anything that depends on who asks.
package enum CacheKinds {
    /// Sessions with their users, by the digests of their tokens.
    package static let sessions = CacheKind("sessions", number: 0, version: 1)
    /// API keys with their users, by the digests of their tokens.
    package static let keys = CacheKind("api_keys", number: 1, version: 1)
    /// Users by their ids, and that there is none.
    package static let users = CacheKind("users", number: 2, version: 1)
    /// Answers of statements, by statement and parameters.
    package static let queries = CacheKind("queries", number: 3, version: 1)
    /// Encoded responses, by what their entity tags consist of.
    package static let responses = CacheKind("responses", number: 4, version: 1)

    /// All of them.
    package static let all = [sessions, keys, users, queries, responses]
}

/// What look-ups keep, for how long, and what makes it old.
package struct StorageCache {
    /// That there is no such user is asked again so soon: who makes one invalidates it anyway.
    private static let absenceTTL = Duration.seconds(5)

    private let cache: Cache
    private let ttl: Duration

    /// Keeps what is looked up in a cache, for `ttl` where nothing changes: a second at least.
    package init(_ cache: Cache, ttl: Duration) {
        self.cache = cache
        self.ttl = ttl
    }

    /// A session with its user, by the digest of its token.
    func session(
        _ digest: TokenDigest,
        load: () throws -> (session: Session, user: User)?
    ) throws -> (session: Session, user: User)? {
        try credential(CacheKey(CacheKinds.sessions, digest), load: load) { found in
            (
                [.row("sessions", found.session.id.databaseValue), .user(found.user.id)],
                found.session.weight + found.user.weight
            )
        }
    }

    /// An API key with its user, by the digest of its token.
    func key(
        _ digest: TokenDigest,
        load: () throws -> (key: APIKey, user: User)?
    ) throws -> (key: APIKey, user: User)? {
        try credential(CacheKey(CacheKinds.keys, digest), load: load) { found in
            (
                [.row("api_keys", found.key.id.databaseValue), .user(found.user.id)],
                found.key.weight + found.user.weight
            )
        }
    }

    /// What a token stands for; that it stands for nothing is not kept, as anybody can make up tokens.
    private func credential<Found: Sendable>(
        _ key: CacheKey,
        load: () throws -> Found?,
        traits: (Found) -> (tags: [CacheTag], weight: Int)
    ) throws -> Found? {
        try cache.value(
            for: key,
            ttl: ttl,
            taggedBy: { (found: Weighed<Found?>) in found.value.map { traits($0).tags } },
            load: {
                let found = try load()
                return Weighed(found, byteCount: found.map { traits($0).weight } ?? 0)
            }
        ).value
    }

    /// A user, or that there is none.
    func user(_ id: UserID, load: () throws -> User?) throws -> User? {
        let key = CacheKey(CacheKinds.users, id.uuid.high, id.uuid.low)
        return try cache.value(for: key, tags: [.user(id)], ttl: ttl, absenceTTL: Self.absenceTTL) {
            try load().map { Weighed($0, byteCount: $0.weight) }
        }?.value
    }

    /// The answer of a statement that declares that it may be kept.
    ///
    /// It depends on the statement, its parameters and the tables that it reads, and on nothing else.
    func rows<Element: Sendable>(
        of statement: StatementDefinition,
        _ values: [DatabaseValue],
        load: () throws -> [Element]
    ) throws -> [Element] {
        guard statement.isCacheable else { return try load() }
        let key = CacheKey(CacheKinds.queries, bytes: Array(statement.id.utf8) + [0] + values.flatMap(\.keyBytes))
        return try cache.value(for: key, tags: statement.reads.map { CacheTag($0) }, ttl: ttl) {
            let rows = try load()
            return Weighed(rows, byteCount: rows.count * MemoryLayout<Element>.stride)
        }.value
    }
}

/// Makes old what was made of the rows and tables that a transaction has changed.
package struct CacheInvalidation: CommitObserver {
    private let generations: any Generations

    /// Takes the generations that all processes share.
    package init(_ generations: any Generations) {
        self.generations = generations
    }

    package func committed(_ changes: CommittedChanges) {
        generations.invalidate(changes.tags)
    }
}

extension CacheTag {
    /// A row of a table.
    static func row(_ table: String, _ id: DatabaseValue) -> CacheTag { CacheTag(table, id.keyBytes) }

    /// A user, and what ends with the user.
    static func user(_ id: UserID) -> CacheTag { row("users", id.databaseValue) }
}

extension CacheKey {
    /// By the 32 bytes of a digest.
    fileprivate init(_ kind: CacheKind, _ digest: TokenDigest) {
        func word(_ index: Int) -> UInt64 {
            digest.bytes.dropFirst(8 * index).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
        self.init(kind, word(0), word(1), word(2), word(3))
    }
}

extension DatabaseValue {
    /// Tells it apart from every other value, also where several stand one behind the other.
    fileprivate var keyBytes: [UInt8] {
        func word(_ number: UInt64) -> [UInt8] {
            (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        }
        return switch self {
        case .null: [0]
        case .integer(let integer): [1] + word(UInt64(bitPattern: integer))
        case .real(let real): [2] + word(real.bitPattern)
        case .text(let text): [3] + word(UInt64(text.utf8.count)) + text.utf8
        case .bytes(let bytes): [4] + word(UInt64(bytes.count)) + bytes
        }
    }
}

extension User {
    fileprivate var weight: Int { 200 + email.text.utf8.count + email.folded.utf8.count + 2 * name.text.utf8.count }
}

extension Session {
    fileprivate var weight: Int { 200 + origin.address.utf8.count + origin.userAgent.utf8.count }
}

extension APIKey {
    fileprivate var weight: Int { 200 + name.text.utf8.count }
}
