import FastCGI
import Linux
import Testing

// In processes of their own: libfcgi changes the actions of signals.
struct FastCGILibraryTests {
    @Test func `the installed libfcgi passes the checks, and may be initialised again`() async {
        await #expect(processExitsWith: .success) {
            try FastCGILibrary.initialize()
            try FastCGILibrary.initialize()
        }
    }

    @Test func `a request adopted before that is refused`() async {
        await #expect(processExitsWith: .success) {
            let pair = try Sockets.pair(kind: .stream)
            let isAdopted = Request().adopt(pair.second)
            try #require(!isAdopted)
        }
    }

    @Test func `TERM ends a process that initialised libfcgi`() async {
        await #expect(processExitsWith: .signal(15)) {
            try FastCGILibrary.initialize()
            ChildProcess.send(.terminate, to: ThisProcess.id)
            _ = Semaphore(permits: 0).wait(nanoseconds: 10_000_000_000)
        }
    }

    @Test func `a write to a closed connection does not end a process that initialised libfcgi`() async {
        await #expect(processExitsWith: .success) {
            try FastCGILibrary.initialize()
            let pair = try Sockets.pair(kind: .stream)
            Sockets.shutdown(pair.second.number)
            let first = pair.first.release()
            let error = #expect(throws: SystemError.self) { try FileDescriptor(owning: first).writeAll([1]) }
            try #require(error?.errorNumber == 32)
        }
    }

    @Test func `a failure names the library and says what to install`() {
        #expect("\(FastCGILibrary.Failure.initialization(-1))" == "libfcgi: FCGX_Init failed with -1")
        let layout = FastCGILibrary.Failure.layout(found: 72, expected: 80)
        #expect("\(layout)".contains("72 bytes where libfcgi 2.4 has 80"))
        #expect("\(FastCGILibrary.Failure.behaviour("x"))".hasPrefix("libfcgi: x; install"))
    }
}
