import Linux
import LinuxTestSupport
import Testing

/// A small share of what scripts/fuzz does.
@Suite(.timeLimit(.minutes(10)))
struct StreamFuzzerTests {
    @Test(arguments: [1, 2])
    func `no stream of records ends a worker or is answered where nothing was asked`(seed: Int) throws {
        let fuzzer = try BuiltProgram.path("stream-fuzzer")
        let outcome = try Shell.run("'\(fuzzer)' 10000 \(seed)")
        #expect(outcome.end == .exited(0), "\(outcome.output)")
        #expect(outcome.output.contains("10000 streams"))
    }
}
