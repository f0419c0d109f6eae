import Linux
import LinuxTestSupport
import Testing

struct NotifySocketTests {
    @Test func `a manager hears what it is told, each in one datagram`() throws {
        let listener = try NotificationListener()
        let manager = try #require(NotifySocket(environment: ["NOTIFY_SOCKET=\(listener.path)"]))
        manager.tell("READY=1", "STATUS=It serves.")
        manager.tell("WATCHDOG=1")
        #expect(try listener.receive() == "READY=1\nSTATUS=It serves.")
        #expect(try listener.receive() == "WATCHDOG=1")
    }

    @Test func `a manager is heard at a name that is in no directory`() throws {
        let listener = try NotificationListener(abstract: true)
        let manager = try #require(NotifySocket(environment: ["NOTIFY_SOCKET=\(listener.path)"]))
        manager.tell("READY=1")
        #expect(try listener.receive() == "READY=1")
    }

    @Test(arguments: [[], ["NOTIFY_SOCKET="], ["NOTIFY_SOCKET=vsock:2:1"], ["NOTIFY=/run/x"]])
    func `without a socket that can be used there is no manager`(environment: [String]) {
        #expect(NotifySocket(environment: environment) == nil)
    }

    @Test(arguments: ["/nowhere/at/all", "/" + String(repeating: "x", count: 200)])
    func `a manager that cannot be reached is no error`(path: String) throws {
        try #require(NotifySocket(environment: ["NOTIFY_SOCKET=\(path)"])).tell("READY=1")
    }

    @Test func `the watchdog counts only for the process that it names`() throws {
        func interval(_ variables: String...) throws -> Int64? {
            try #require(NotifySocket(environment: ["NOTIFY_SOCKET=/run/x"] + variables)).watchdogInterval
        }
        #expect(try interval() == nil)
        #expect(try interval("WATCHDOG_USEC=3000000") == 3_000_000_000)
        #expect(try interval("WATCHDOG_USEC=3000000", "WATCHDOG_PID=\(ThisProcess.id)") == 3_000_000_000)
        #expect(try interval("WATCHDOG_USEC=3000000", "WATCHDOG_PID=1") == nil)
        #expect(try interval("WATCHDOG_USEC=0") == nil)
        #expect(try interval("WATCHDOG_USEC=many") == nil)
    }
}
