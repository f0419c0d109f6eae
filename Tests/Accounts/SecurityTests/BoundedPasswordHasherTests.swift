import Cryptography
import Domain
import Linux
import LinuxTestSupport
import Observability
import Security
import SharedMemoryTestSupport
import Synchronization
import Testing

struct BoundedPasswordHasherTests {
    /// 64 KiB and one pass: some 50 microseconds.
    private static let cheap = Argon2id(memory: 64 << 10, passes: 1)
    private let password: Password
    private let directory: TemporaryDirectory
    private let shared: ProbeSegment

    init() throws {
        try CryptographyLibrary.initialize()
        password = try Password("correct horse battery")
        directory = try TemporaryDirectory()
        shared = try ProbeSegment(directory: directory.path)
    }

    private func makeHasher(_ argon2id: Argon2id, atOnce: Int, mostInside: Int) throws -> BoundedPasswordHasher {
        BoundedPasswordHasher(
            argon2id: argon2id,
            permits: shared.permits,
            atOnce: atOnce,
            mostInside: mostInside
        )
    }

    private func isOverloaded(_ error: any Error) -> Bool {
        (error as? DomainError)?.code == .overloaded
    }

    // MARK: - Hashes

    @Test func `a hash matches its password and no other`() throws {
        let hasher = try makeHasher(Self.cheap, atOnce: 1, mostInside: 2)
        let hash = try hasher.hash(password)
        #expect(try hasher.verify(password, against: hash) == .match(needsRehash: false))
        #expect(try hasher.verify(Password("correct horse batterY"), against: hash) == .mismatch)
        #expect(try hasher.verify(password, against: PasswordHash("no hash")) == .mismatch)
    }

    @Test func `a hash of other parameters is to be made again`() throws {
        let old = try makeHasher(Self.cheap, atOnce: 1, mostInside: 2)
        let new = try makeHasher(Argon2id(memory: 64 << 10, passes: 2), atOnce: 1, mostInside: 2)
        let hash = try old.hash(password)
        #expect(try new.verify(password, against: hash) == .match(needsRehash: true))
    }

    @Test func `a decoy costs about as much as a password`() throws {
        let hasher = try makeHasher(Argon2id(memory: 8 << 20, passes: 2), atOnce: 1, mostInside: 2)
        let hash = try hasher.hash(password)
        func cost(_ work: () throws -> Void) rethrows -> Int64 {
            // The least of five: what else the machine does only adds.
            try (0..<5).map { _ in
                let began = SystemClock.monotonicNanoseconds()
                try work()
                return SystemClock.monotonicNanoseconds() - began
            }.min() ?? 0
        }
        let real = try cost { _ = try hasher.verify(password, against: hash) }
        let decoy = try cost { try hasher.verifyDecoy(password) }
        #expect(decoy > real / 3 && decoy < real * 3)
    }

    // MARK: - The bound

    @Test func `permits alone will do where nobody may wait`() throws {
        let hasher = try makeHasher(Self.cheap, atOnce: 1, mostInside: 1)
        for _ in 0..<10 { _ = try hasher.hash(password) }
    }

    @Test func `a permit is given back, whatever came of it`() throws {
        let hasher = try makeHasher(Self.cheap, atOnce: 1, mostInside: 2)
        let impossible = try makeHasher(Self.cheap, atOnce: 1, mostInside: 2)
        for _ in 0..<20 {
            _ = try hasher.hash(password)
            try hasher.verifyDecoy(password)
            #expect(try impossible.verify(password, against: PasswordHash("")) == .mismatch)
        }
    }

    @Test func `as many threads as there are permits and places are all served`() throws {
        let hasher = try makeHasher(Self.cheap, atOnce: 2, mostInside: 6)
        let outcomes = try run(threads: 6) { _ = try hasher.hash(password) }
        #expect(outcomes.allSatisfy { $0 == nil })
    }

    @Test func `who finds the queue full is refused at once, and the others are served`() throws {
        // Some 100 ms a hash, so that those who come together meet.
        let slow = Argon2id(memory: 32 << 20, passes: 4)
        let hasher = try makeHasher(slow, atOnce: 1, mostInside: 2)
        let outcomes = try run(threads: 8) { _ = try hasher.hash(password) }
        let refused = outcomes.compactMap { $0 }
        #expect(refused.allSatisfy(isOverloaded))
        // On a busy machine the one that waits is refused too, after half a second.
        #expect((1...7).contains(refused.count))
        _ = try hasher.hash(password)
    }

    @Test func `who waits for half a second is refused`() throws {
        // A hash of far more than half a second on any machine, that others wait behind.
        let slow = Argon2id(memory: 64 << 20, passes: 24)
        let hasher = try makeHasher(slow, atOnce: 1, mostInside: 3)
        let began = SystemClock.monotonicNanoseconds()
        let outcomes = try run(threads: 3) { _ = try hasher.hash(password) }
        try #require(SystemClock.monotonicNanoseconds() - began > 500_000_000)
        let refused = outcomes.compactMap { $0 }
        #expect(refused.count == 2)
        #expect(refused.allSatisfy(isOverloaded))
    }

    @Test func `hashers share the permits, as those of several processes do`() throws {
        let slow = Argon2id(memory: 64 << 20, passes: 24)
        let hashers = try (0..<2).map { _ in try makeHasher(slow, atOnce: 1, mostInside: 1) }
        let turn = Atomic(0)
        let outcomes = try run(threads: 2) {
            _ = try hashers[turn.add(1, ordering: .relaxed).oldValue].hash(password)
        }
        #expect(outcomes.compactMap { $0 }.count == 1)
        #expect(outcomes.compactMap { $0 }.allSatisfy(isOverloaded))
    }

    @Test func `a permit whose process is stopped is waited for in vain, and given back when that is killed`() throws {
        let one = try makeHasher(Self.cheap, atOnce: 1, mostInside: 1)
        let holder = try RunningProbe("hold-permit", in: directory)
        #expect(try holder.line() == "held")
        try holder.stop()
        do {
            _ = try one.hash(password)
            Issue.record("it was hashed")
        } catch {
            #expect(isOverloaded(error))
        }
        holder.kill()
        _ = try one.hash(password)
    }

    @Test func `what hashes and the wait for them cost is told to the request that they are for`() throws {
        let waits = RequestWaits()
        let bounded = try makeHasher(Self.cheap, atOnce: 1, mostInside: 1)
        let hasher = ObservedPasswordHasher(bounded, waits: waits, metrics: nil)
        let hash = try hasher.hash(password)
        var last = waits.nanoseconds(for: .hash)
        #expect(last > 0)
        #expect(try hasher.verify(password, against: hash) == .match(needsRehash: false))
        #expect(waits.nanoseconds(for: .hash) > last)
        last = waits.nanoseconds(for: .hash)
        try hasher.verifyDecoy(password)
        #expect(waits.nanoseconds(for: .hash) > last)
        waits.begin()
        let holder = try RunningProbe("hold-permit", in: directory)
        #expect(try holder.line() == "held")
        #expect(throws: DomainError.self) { try hasher.hash(password) }
        #expect(waits.nanoseconds(for: .hashPermit) >= 500_000_000)
        #expect(waits.nanoseconds(for: .hash) == 0)
        holder.kill()
    }

    /// Runs `body` on some threads that begin together, and gives the error of each, or nil.
    private func run(threads: Int, _ body: @escaping @Sendable () throws -> Void) throws -> [(any Error)?] {
        let errors = Mutex<[(any Error)?]>([])
        let gate = Semaphore(permits: 0)
        let ends = Semaphore(permits: 0)
        for index in 0..<threads {
            _ = try Thread(name: "hash-\(index)") {
                _ = gate.wait(nanoseconds: 10_000_000_000)
                do {
                    try body()
                    errors.withLock { $0.append(nil) }
                } catch {
                    errors.withLock { $0.append(error) }
                }
                ends.signal()
            }
        }
        for _ in 0..<threads { gate.signal() }
        for _ in 0..<threads { #expect(ends.wait(nanoseconds: 60_000_000_000)) }
        return errors.withLock { $0 }
    }
}
