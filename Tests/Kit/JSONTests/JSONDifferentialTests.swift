import Linux
import LinuxTestSupport
import Testing

/// The reader beside another: Python's, made as strict.
struct JSONDifferentialTests {
    @Test(.timeLimit(.minutes(10)))
    func `Python accepts and refuses the same texts, and reads the same values`() throws {
        // Tests/Kit/JSONTests/JSONDifferentialTests.swift
        let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let script = "python3 -I '\(tests)/JSONProbe/differential.py' '\(try BuiltProgram.path("json-probe"))'"
        let outcome = try Shell.run("\(script) 2>&1")
        #expect(outcome.end == .exited(0), "\(outcome.output)")
    }
}
