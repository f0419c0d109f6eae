import Linux
import PostgreSQL
import Testing

import class PostgreSQLTestSupport.ScratchServer

/// Where the database of an instance is, for tests that hold on both engines.
enum DatabaseHome: CaseIterable {
    case file, server

    /// The server of all these tests, with a database for each instance.
    private static let shared = Result { try ScratchServer() }

    /// What a test says by ``Trait/ofTheFile``.
    @TaskLocal fileprivate static var ofThisTest: DatabaseHome?

    private static let ofTheRun: DatabaseHome =
        ThisProcess.environmentVariables()["GATEHOUSE_TEST_DATABASE"] == "server" ? .server : .file

    /// Where it is for a test that does not say it: in a file, or with GATEHOUSE_TEST_DATABASE=server on the server.
    static var usual: DatabaseHome { ofThisTest ?? ofTheRun }

    /// A database of its own on the server.
    static func makeDatabase() throws -> ConnectionOptions { try shared.get().makeDatabase() }

    /// The usual instance with its database there.
    func options() -> Instance.Options { Instance.Options(home: self) }
}

/// Has the instances of a test keep their accounts in a file, wherever those of the others do.
struct FileTrait: TestTrait, SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await DatabaseHome.$ofThisTest.withValue(.file) { try await function() }
    }
}

extension Trait where Self == FileTrait {
    /// For tests of the file itself, or of the lock that its writers share, and for those that start the program without the
    /// settings of their instance.
    static var ofTheFile: Self { FileTrait() }
}
