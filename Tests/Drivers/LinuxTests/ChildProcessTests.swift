import Linux
import LinuxTestSupport
import Testing

struct ChildProcessTests {
    private func content(_ file: borrowing FileDescriptor) throws -> String {
        try file.rewind()
        return String(decoding: try file.readAll(limit: 65_536), as: UTF8.self)
    }

    @Test func `arguments and environment arrive as they are`() throws {
        let output = try Files.inMemory([])
        let child = try ChildProcess.spawn(
            path: "/bin/sh",
            arguments: ["name", "-c", #"printf '%s|' "$0" "$@"; env"#, "a b", "", "\u{FC}\n"],
            environment: ["X=1 2", "PATH=/usr/bin:/bin"],
            descriptors: [nil, output.number, nil]
        )
        #expect(try ChildProcess.wait(for: child) == .exited(0))
        let lines = try content(output)
        #expect(lines.hasPrefix("a b||\u{FC}\n|"))
        #expect(lines.contains("X=1 2\n"))
        #expect(!lines.contains("HOME="))
    }

    @Test(arguments: [0, 1, 42, 255] as [Int32])
    func `a status comes back`(status: Int32) throws {
        #expect(try Shell.run("exit \(status)").end == .exited(status))
        #expect("\(ProcessEnd.exited(status))" == "exited with status \(status)")
    }

    @Test(arguments: [Signal.kill, .terminate, .hangUp, .user1])
    func `a signal that ends a child comes back`(signal: Signal) throws {
        let gate = try Sockets.pair(kind: .stream)
        let output = try Files.inMemory([])
        let child = try Shell.start("read line <&3", output: output, descriptors: [gate.second.number])
        ChildProcess.send(signal, to: child)
        let end = try ChildProcess.wait(for: child)
        #expect(end == .killed(signal: signal.rawValue))
        #expect("\(end)" == "was ended by signal \(signal.rawValue)")
        // It has ended and was waited for: sending again does nothing.
        #expect(throws: SystemError("wait for process \(child)", errorNumber: 10)) {
            try ChildProcess.wait(for: child)
        }
    }

    @Test func `a program that is not there is an error and no child`() {
        #expect(throws: SystemError("start /no/such/program", errorNumber: 2)) {
            try ChildProcess.spawn(path: "/no/such/program", arguments: ["x"], environment: [], descriptors: [])
        }
    }

    // MARK: - Descriptors

    @Test func `descriptors go where the list says`() throws {
        let files = try (0..<3).map { _ in try Files.inMemory([]).release() }
        let child = try ChildProcess.spawn(
            path: "/bin/sh",
            arguments: ["sh", "-c", "echo one; echo two >&2; echo five >&5"],
            environment: [],
            descriptors: [nil, files[0], files[1], nil, nil, files[2]]
        )
        #expect(try ChildProcess.wait(for: child) == .exited(0))
        #expect(try content(FileDescriptor(owning: files[0])) == "one\n")
        #expect(try content(FileDescriptor(owning: files[1])) == "two\n")
        #expect(try content(FileDescriptor(owning: files[2])) == "five\n")
    }

    @Test func `descriptors may swap places with each other`() throws {
        // Each target is the source of another one: in a naive order the second would get the first one's new file.
        let output = try Files.inMemory([])
        let script = "for n in 0 1 2; do echo $(readlink /proc/$PPID/fd/$n /proc/$$/fd/$n) >&3; done"
        let child = try ChildProcess.spawn(
            path: "/bin/sh",
            arguments: ["sh", "-c", script],
            environment: ["PATH=/usr/bin:/bin"],
            descriptors: [1, 2, 0, output.number]
        )
        #expect(try ChildProcess.wait(for: child) == .exited(0))
        let links = try content(output).split { " \n".contains($0) }
        try #require(links.count == 6)
        let (ours, theirs) = ([links[0], links[2], links[4]], [links[1], links[3], links[5]])
        #expect(theirs == [ours[1], ours[2], ours[0]])
    }

    @Test func `a process that may open few descriptors can start programs`() async {
        await #expect(processExitsWith: .exitCode(3)) {
            #expect(try Shell.run("prlimit --pid \(ThisProcess.id) --nofile=60").end == .exited(0))
            let isStarted = try Shell.run("exit 3").end == .exited(3)
            ThisProcess.exitImmediately(isStarted ? 3 : 4)
        }
    }

    @Test func `nothing else is inherited`() throws {
        let pair = try Sockets.pair(kind: .packets)
        let event = try EventDescriptor()
        // Whoever started the tests may have left descriptors open that are not ours, so ours are looked for by name.
        let ours = try [pair.first.number, pair.second.number, event.number].map { number in
            try Shell.run("readlink /proc/$PPID/fd/\(number)").output
        }
        let listed = try Shell.run("ls -l /proc/self/fd", descriptors: [pair.first.number]).output
        #expect(listed.contains(ours[0]))
        for link in ours.dropFirst() { #expect(!listed.contains(link), "\(link)") }
        withExtendedLifetime(pair.second) {}
        withExtendedLifetime(event) {}
    }

    @Test func `an unnamed descriptor is the null device, for reading and writing`() throws {
        let outcome = try Shell.run("readlink /proc/self/fd/0 /proc/self/fd/3; cat; echo x >&0", descriptors: [nil])
        #expect(outcome.output == "/dev/null\n/dev/null")
        #expect(outcome.end == .exited(0))
    }

    @Test func `more than sixteen descriptors are refused`() throws {
        #expect(throws: SystemError("start /bin/true", errorNumber: 22)) {
            try ChildProcess.spawn(
                path: "/bin/true",
                arguments: ["true"],
                environment: [],
                descriptors: [Int32?](repeating: nil, count: 17)
            )
        }
    }

    @Test func `a closed descriptor in the list is an error`() {
        #expect(throws: SystemError("start /bin/true", errorNumber: 9)) {
            try ChildProcess.spawn(path: "/bin/true", arguments: ["true"], environment: [], descriptors: [1 << 20])
        }
    }

    // MARK: - Session and signals

    @Test func `a child leads a session of its own`() throws {
        let outcome = try Shell.run("cut -d' ' -f1,5,6 /proc/$$/stat")
        let numbers = Set(outcome.output.split(separator: " "))
        #expect(numbers.count == 1, "pid, group and session: \(outcome.output)")
    }

    @Test func `a child has all signals at their default and none blocked`() throws {
        // The tests' own process ignores two; see FileDescriptorTests.
        SignalDescriptor.ignoreWriteFailures()
        let sets = try Shell.run("grep -E '^Sig(Blk|Ign)' /proc/$$/status | cut -f2").output.split(separator: "\n")
        try #require(sets.count == 2)
        for set in sets {
            // Signals 32 and 33 are glibc's own.
            let signals = try #require(UInt64(set, radix: 16)) & ~(3 << 31)
            #expect(signals == 0, "\(set)")
        }
    }
}
