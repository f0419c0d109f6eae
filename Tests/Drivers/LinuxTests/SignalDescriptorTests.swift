import Linux
import LinuxTestSupport
import Testing

// Each in a process of its own: the mask and the actions of signals belong to threads and processes.
struct SignalDescriptorTests {
    @Test func `a signal without anything done ends the process`() async {
        await #expect(processExitsWith: .signal(15)) {
            ChildProcess.send(.terminate, to: ThisProcess.id)
            _ = Semaphore(permits: 0).wait(nanoseconds: 10_000_000_000)
        }
    }

    @Test func `a write to a closed connection is an error once it is ignored`() async {
        await #expect(processExitsWith: .success) {
            SignalDescriptor.ignoreWriteFailures()
            let pair = try Sockets.pair(kind: .stream)
            Sockets.shutdown(pair.second.number)
            let first = pair.first.release()
            let error = #expect(throws: SystemError.self) { try FileDescriptor(owning: first).writeAll([1]) }
            try #require(error?.errorNumber == 32)
        }
    }

    @Test func `a default action comes back`() async {
        await #expect(processExitsWith: .success) {
            SignalDescriptor.ignoreWriteFailures()
            let ignored = try Shell.run("grep ^SigIgn /proc/$PPID/status").output
            try #require(ignored.hasSuffix("1001000"))
            SignalDescriptor.restoreDefaults([.child, .terminate])
            let after = try Shell.run("grep ^SigIgn /proc/$PPID/status").output
            try #require(after == ignored)
        }
    }
}
