import Linux
import LinuxTestSupport
import Testing

struct ThisProcessTests {
    @Test func `a process knows its id, its file and its environment`() throws {
        #expect(try Shell.run("echo $PPID").output == "\(ThisProcess.id)")
        let path = try Shell.run("readlink -f '\(ThisProcess.executablePath())'").output
        #expect(try path == Shell.run("readlink /proc/$PPID/exe").output)
        #expect(ThisProcess.environment().contains { $0.hasPrefix("PATH=") })
        #expect(ThisProcess.processors >= 1)
    }

    @Test func `leaving at once gives the status`() async {
        await #expect(processExitsWith: .exitCode(9)) { ThisProcess.exitImmediately(9) }
    }

    @Test func `the descriptor limit goes up to the hard one`() async {
        await #expect(processExitsWith: .success) {
            ThisProcess.raiseDescriptorLimit()
            let limits = try Shell.run("awk '/open files/ { print $4, $5 }' /proc/$PPID/limits").output
            let parts = limits.split(separator: " ")
            try #require(parts.count == 2 && parts[0] == parts[1])
        }
    }

    @Test func `the clocks go forward`() {
        let first = SystemClock.monotonicNanoseconds()
        #expect(SystemClock.monotonicNanoseconds() >= first)
        // 2020-01-01, in microseconds.
        #expect(SystemClock.realtimeMicroseconds() > 1_577_836_800_000_000)
    }
}
