internal import Database
internal import Domain
internal import Linux
internal import PostgreSQL
internal import Storage

/// What the repositories take in one thread.
///
/// On a database as `scripts/bench postgresql` fills it:
///
///     storage-probe statement
///     storage-probe measure USERS MILLISECONDS FILE
///     storage-probe measure USERS MILLISECONDS HOST DATABASE ROLE
///
/// `statement` prints by which statement PostgreSQL reads a user. `measure` prints a line for each figure: its name and the
/// nanoseconds that one takes, the mean over so many milliseconds.
@main
struct StorageProbe {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            switch (arguments.first, arguments.count) {
            case ("statement", 1): try showStatement()
            case ("measure", 4), ("measure", 6): try measure(Array(arguments.dropFirst()))
            default: ThisProcess.exitImmediately(64)
            }
        } catch {
            StandardError.writeLine("storage-probe: \(error)")
            ThisProcess.exitImmediately(1)
        }
    }

    private static func showStatement() throws {
        let definitions = try Statements.registry(for: .postgreSQL).definitions
        print(definitions.first { $0.id == "users.find" }?.postgreSQL ?? "")
    }

    private static func measure(_ arguments: [String]) throws {
        guard let users = UInt64(arguments[0]), let milliseconds = Int64(arguments[1]) else {
            ThisProcess.exitImmediately(64)
        }
        let session = try openSession(Array(arguments.dropFirst(2)))
        let reads = Reads(unitOfWork: SQLUnitOfWork(session), users: users)
        try Stopwatch(name: "one", milliseconds: milliseconds).run { try reads.find(users / 2) }
        try Stopwatch(name: "any", milliseconds: milliseconds).run { try reads.find(.random(in: 1...users)) }
        try Stopwatch(name: "page", milliseconds: milliseconds).run { try reads.page(from: .random(in: 21...users)) }
        try Stopwatch(name: "email", milliseconds: milliseconds).run { try reads.search(.random(in: 1...users)) }
        let changes = Changes(unitOfWork: SQLUnitOfWork(session))
        let before = session.roundTripCount
        let made = try Stopwatch(name: "create", milliseconds: milliseconds).run { try changes.create() }
        // Transactions that are run again, which with one client there are none of, would count too.
        print("trips \(Double(session.roundTripCount - before) / Double(made))")
    }

    private static func openSession(_ place: [String]) throws -> DatabaseSession {
        guard place.count == 3 else {
            return try DatabaseSession(DatabaseOptions(path: place[0]), registry: try Statements.registry())
        }
        let options = ConnectionOptions(host: place[0], database: place[1], user: place[2], security: .none)
        return DatabaseSession(PostgreSQLDatabase(options), registry: try Statements.registry(for: .postgreSQL))
    }
}

/// Times how long something takes that is done again and again.
private struct Stopwatch {
    let name: String
    let milliseconds: Int64

    /// Does it for the time, after a hundredth of that to get warm; how often it was done in all.
    @discardableResult
    func run(_ work: () throws -> Void) throws -> Int {
        let warm = try repeated(for: milliseconds * 10_000, work)
        let (count, nanoseconds) = try repeated(for: milliseconds * 1_000_000, work)
        print("\(name) \(nanoseconds / Int64(count))")
        return warm.count + count
    }

    private func repeated(for limit: Int64, _ work: () throws -> Void) throws -> (count: Int, nanoseconds: Int64) {
        let start = SystemClock.monotonicNanoseconds()
        var count = 0
        while true {
            try work()
            count += 1
            let time = SystemClock.monotonicNanoseconds() - start
            if time >= limit { return (count, time) }
        }
    }
}

/// Something is not in the database that has to be there.
private struct Missing: Error {}

/// What is read.
///
/// Users have numbers from 1 on, of which their ids, addresses and times are made.
private struct Reads {
    let unitOfWork: SQLUnitOfWork
    let users: UInt64

    /// One user by id, as every request does.
    func find(_ number: UInt64) throws {
        guard try unitOfWork.lookUp({ try $0.users.find(id(number)) }) != nil else { throw Missing() }
    }

    /// Twenty users behind a place in the list, without the total.
    func page(from number: UInt64) throws {
        let instant = Timestamp(microseconds: 1_700_000_000_000_000 + Int64(number) * 61_234_567)
        let place = UserPosition(.instant(instant), id(number))
        let slice = UserSlice(try WalkRequest(.after(place), size: 20), of: .newestFirst)
        guard try unitOfWork.lookUp({ try $0.users.users(in: slice) }).count >= 20 else { throw Missing() }
    }

    /// The user with an address.
    func search(_ number: UInt64) throws {
        let email = EmailAddress(stored: "user\(number * 7919 % 1_000_003).\(number)@example.com")
        let list = try UserList(UserCriteria(email: email), sortedBy: .newestFirst)
        let slice = UserSlice(PageRequest.first, of: list)
        guard try unitOfWork.lookUp({ try $0.users.users(in: slice) }).count == 1 else { throw Missing() }
    }

    /// The sixteen digits of the number.
    private func id(_ number: UInt64) -> UserID {
        var digits = Array(repeating: UInt8(ascii: "0"), count: 16)
        var rest = number
        for place in digits.indices.reversed() where rest > 0 {
            digits[place] += UInt8(rest % 10)
            rest /= 10
        }
        func half(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        return UserID(UUID(high: half(digits[..<8]), low: half(digits[8...])))
    }
}

/// What is changed.
private struct Changes {
    let unitOfWork: SQLUnitOfWork

    private struct Random: RandomSource {
        func next() -> UInt64 { .random(in: .min ... .max) }
    }

    /// Makes an account, with the event and the receipt that go with it.
    func create() throws {
        let now = Timestamp(microseconds: SystemClock.realtimeMicroseconds())
        let random = Random()
        let id = UserID(at: now, from: random)
        let user = User(
            id: id,
            email: EmailAddress(stored: "\(random.next()).\(random.next())@example.com"),
            name: PersonName(stored: "Somebody"),
            role: .member,
            status: .active,
            createdAt: now,
            updatedAt: now,
            version: 1
        )
        let occasion = Occasion(at: now, by: .machineOperator, from: .machine, random)
        let name = ChangeName(request: ReceiptKey(bytes: (0..<16).map { _ in .random(in: .min ... .max) }), client: nil)
        let once = Once<Void>(name: name) {
            let answer = KeptAnswer(request: name.request, status: 201, sealed: Array(repeating: 7, count: 400))
            return Receipt(name: name, answer: answer, createdAt: now)
        } restore: { _ in
            throw Missing()
        }
        try unitOfWork.perform(Answering<Void, Void>(once: once) { $0 }) { transaction in
            try transaction.users.insert(user, passwordHash: nil)
            try transaction.events.append(occasion.events([.userCreated(user)]))
        }
    }
}
