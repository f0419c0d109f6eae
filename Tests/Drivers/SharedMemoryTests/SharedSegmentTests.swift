import Linux
import LinuxTestSupport
import SharedMemory
import SharedMemoryTestSupport
import Testing

struct SharedSegmentTests {
    private let directory: TemporaryDirectory
    private let name: SegmentName

    init() throws {
        directory = try TemporaryDirectory()
        name = try SegmentName(program: "probe", directory: directory.path, in: directory.path)
    }

    private func open(version: Int = 1, words: Int = 8) throws -> (segment: SharedSegment, words: SharedWords) {
        var layout = SegmentLayout(version: version)
        let part = try layout.addWords("words", count: words)
        let segment = try SharedSegment.open(name, layout: layout)
        return (segment, try segment.words(part))
    }

    /// Makes a segment that nobody uses, and changes its file by a script, which finds the path in $FILE.
    ///
    /// Gives the seed that the segment had.
    @discardableResult
    private func spoil(_ script: String) throws -> [UInt8] {
        let seed = try open().segment.seed
        let outcome = try Shell.run("FILE='\(name.path)'; \(script)")
        try #require(outcome.end == .exited(0), "\(outcome.output)")
        return seed
    }

    private func distrust(_ reason: SharedMemoryError.Distrust) -> SharedMemoryError {
        .untrusted(path: name.path, reason)
    }

    // MARK: - One segment for all

    @Test func `the file belongs to its user alone and is named after user and directory`() throws {
        _ = try open()
        let file = try #require(try directory.names().first)
        #expect(try directory.permissions(of: file) == "600")
        let user = try Shell.run("id -u").output
        #expect(file.hasPrefix("probe-\(user)-"))
        #expect(file.utf8.count == "probe-\(user)-".utf8.count + 16)
    }

    @Test func `all ways to write a directory lead to one segment, and other directories to others`() throws {
        let other = try TemporaryDirectory()
        #expect(try Shell.run("ln -s '\(directory.path)' '\(directory.file("link"))'").end == .exited(0))
        let linked = try SegmentName(program: "probe", directory: "\(directory.file("link"))/.", in: directory.path)
        #expect(linked == name)
        #expect(try SegmentName(program: "probe", directory: other.path, in: directory.path) != name)
    }

    @Test func `a directory that is missing is an error`() {
        #expect(throws: SharedMemoryError.system(SystemError("resolve /does/not/exist", errorNumber: 2))) {
            _ = try SegmentName(program: "probe", directory: "/does/not/exist")
        }
    }

    @Test func `what one process counts the other one sees`() throws {
        let shared = try ProbeSegment(directory: directory.path)
        shared.counter.store(5)
        let probe = try RunningProbe("add", in: directory)
        #expect(try probe.line() == "added")
        #expect(shared.counter.load() == 100_005)
    }

    @Test func `what was counted outlives every process`() throws {
        do { try open().words[3].store(42) }
        #expect(try open().words[3].load() == 42)
    }

    @Test func `many processes at once make one segment`() throws {
        let probes = try (0..<16).map { _ in try RunningProbe("seed", in: directory) }
        let seeds = try Set(probes.map { try $0.line() })
        #expect(seeds.count == 1)
        #expect(seeds.first?.split(separator: " ").count == 16)
    }

    @Test func `a child finds the segment by its descriptor, also where the name has gone`() throws {
        let shared = try ProbeSegment(directory: directory.path)
        try Files.remove(name.path)
        let probe = try RunningProbe("add", descriptor: shared.segment.descriptor)
        #expect(try probe.line() == "added")
        #expect(shared.counter.load() == 100_000)
    }

    @Test func `a descriptor of any other file is refused`() throws {
        let file = try Files.inMemory(Array("no segment".utf8))
        #expect(throws: SharedMemoryError.self) {
            _ = try SharedSegment.attach(descriptor: file.number, layout: SegmentLayout(version: 1))
        }
    }

    @Test func `who was stopped while opening holds the others up for a bounded time`() throws {
        _ = try open()
        let holder = try Sockets.pair(kind: .stream)
        let output = try Files.inMemory([])
        let script = "exec 4<'\(name.path)'; flock 4; echo locked >&3; exec sleep 60 3>&-"
        let shell = try Shell.start(script, output: output, descriptors: [holder.second.number])
        defer {
            ChildProcess.send(.kill, to: shell)
            // A child that nobody waits for hides all others from the monitor of exit tests.
            _ = try? ChildProcess.wait(for: shell)
        }
        #expect(try holder.first.read(upTo: 7) == Array("locked\n".utf8))
        let layout = SegmentLayout(version: 1)
        #expect(throws: SharedMemoryError.openTimeout(path: name.path)) {
            _ = try SharedSegment.open(name, layout: layout, patience: .milliseconds(50))
        }
    }

    @Test func `whoever is killed while making the segment holds up nobody who comes after`() throws {
        for attempt in 0..<60 {
            let directory = try TemporaryDirectory()
            let probe = try RunningProbe("seed", in: directory)
            // From the start of the process to some moment after it has made the file.
            _ = Semaphore(permits: 0).wait(nanoseconds: Int64(attempt) * 100_000)
            probe.kill()
            let seed = try ProbeSegment(directory: directory.path).segment.seed
            #expect(try ProbeSegment(directory: directory.path).segment.seed == seed)
            #expect(try RunningProbe("seed", in: directory).line() == seed.map { String($0) }.joined(separator: " "))
        }
    }

    // MARK: - Files that are not trusted

    /// Commands that spoil the file, in words of the shell.
    static let spoilers = [
        "truncate -s 4096 \"$FILE\"", "truncate -s -4096 \"$FILE\"",
        "printf x | dd of=\"$FILE\" bs=1 seek=0 conv=notrunc status=none",
        "printf x | dd of=\"$FILE\" bs=1 seek=8 conv=notrunc status=none",
        "printf x | dd of=\"$FILE\" bs=1 seek=80 conv=notrunc status=none",
        "chmod 644 \"$FILE\"", "chmod 660 \"$FILE\"",
    ]

    @Test(
        arguments: zip(
            spoilers,
            [
                SharedMemoryError.Distrust.truncated, .truncated, .notSegment, .otherFormat, .damaged,
                .openToOthers, .openToOthers,
            ]
        )
    )
    func `a spoilt file is made anew, and refused while it is in use`(
        spoiler: String,
        reason: SharedMemoryError.Distrust
    ) throws {
        let seed = try spoil(spoiler)
        let new = try open()
        #expect(new.segment.seed != seed)

        // The process that uses it never touches what was cut.
        try #require(try Shell.run("FILE='\(name.path)'; \(spoiler)").end == .exited(0))
        #expect(throws: distrust(reason)) { _ = try open() }
        #expect(throws: SharedMemoryError.untrusted(path: "descriptor \(new.segment.descriptor)", reason)) {
            _ = try SharedSegment.attach(descriptor: new.segment.descriptor, layout: SegmentLayout(version: 1))
        }
    }

    @Test func `a file of another boot is made anew, but while it is in use it is one of this boot`() throws {
        let script = "printf xxxxxxxxxxxxxxxx | dd of=\"$FILE\" bs=1 seek=16 conv=notrunc status=none"
        let seed = try spoil(script)
        let new = try open()
        #expect(new.segment.seed != seed)
        // As a service of a container and a command beside it see it, whose boot ids differ.
        try #require(try Shell.run("FILE='\(name.path)'; \(script)").end == .exited(0))
        #expect(try open().segment.seed == new.segment.seed)
        let layout = SegmentLayout(version: 1)
        #expect(try SharedSegment.attach(descriptor: new.segment.descriptor, layout: layout).seed == new.segment.seed)
    }

    @Test func `a file that another process uses is in use`() throws {
        let probe = try RunningProbe("hold-mutex", in: directory)
        #expect(try probe.line() == "held")
        #expect(try Shell.run("chmod 644 '\(name.path)'").end == .exited(0))
        #expect(throws: distrust(.openToOthers)) { _ = try open() }
        probe.kill()
        _ = try open()
        #expect(try directory.permissions(of: String(name.path.dropFirst(directory.path.utf8.count + 1))) == "600")
    }

    @Test func `a symbolic link is not followed and not removed`() throws {
        let target = directory.file("target")
        #expect(try Shell.run("touch '\(target)' && ln -s '\(target)' '\(name.path)'").end == .exited(0))
        #expect(throws: distrust(.symbolicLink)) { _ = try open() }
        #expect(try Files.read(target).isEmpty)
        #expect(try Shell.run("readlink '\(name.path)'").output == target)
    }

    @Test(arguments: ["mkdir", "mkfifo"])
    func `what is no file is left alone`(command: String) throws {
        #expect(try Shell.run("\(command) '\(name.path)'").end == .exited(0))
        #expect(throws: distrust(.notRegular)) { _ = try open() }
        #expect(Files.exists(name.path))
    }

    @Test func `a file of another user is left alone`() throws {
        // Only root can give a file away; for anybody else there is nothing to make such a file with.
        guard ThisProcess.isSuperuser else { return }
        try spoil("chown 65534 \"$FILE\"")
        #expect(throws: distrust(.otherOwner)) { _ = try open() }
        #expect(Files.exists(name.path))
    }

    @Test func `a file of another directory is left alone`() throws {
        try spoil("printf y | dd of=\"$FILE\" bs=1 seek=4105 conv=notrunc status=none")
        #expect(throws: distrust(.otherDirectory)) { _ = try open() }
        #expect(Files.exists(name.path))
    }

    // MARK: - Layouts

    @Test func `two layouts stand beside each other and share the first part`() throws {
        let old = try open(version: 1)
        let new = try open(version: 2)
        old.words[0].store(1)
        new.words[0].store(2)
        #expect(old.words[0].load() == 1)
        old.segment.generations[65_535].add(7)
        #expect(new.segment.generations[65_535].load() == 7)
        #expect(old.segment.seed == new.segment.seed)
        let again = try open(version: 1)
        #expect(again.words[0].load() == 1)
    }

    @Test func `a part that has grown is another layout, also where the version was forgotten`() throws {
        let old = try open(words: 8)
        old.words[7].store(1)
        let new = try open(words: 9)
        #expect(new.words[7].load() == 0)
    }

    @Test func `a part of another layout is refused`() throws {
        let segment = try open().segment
        var other = SegmentLayout(version: 1)
        let mutex = try other.addMutex("other")
        #expect(throws: SharedMemoryError.noSuchPart(name: "other")) { _ = try segment.mutex(mutex) }
    }

    @Test func `a layout that would be too large is refused`() throws {
        var layout = SegmentLayout(version: 1, capacity: 4096)
        _ = try layout.addWords("first", count: 500)
        #expect(throws: SharedMemoryError.full(what: "second", wanted: 128, available: 64)) {
            _ = try layout.addWords("second", count: 2, isSpread: true)
        }
        #expect(throws: SharedMemoryError.full(what: "third", wanted: .max, available: 64)) {
            _ = try layout.addWords("third", count: .max)
        }
        _ = try layout.addMutex("fits")
        #expect(layout.byteCount == 4096)
    }

    @Test func `a file with sixty layouts takes no more while it is in use, and is made anew afterwards`() throws {
        do {
            let segments = try (1...60).map { try open(version: $0) }
            #expect(throws: SharedMemoryError.full(what: "one more layout", wanted: 1, available: 0)) {
                _ = try open(version: 61)
            }
            #expect(throws: SharedMemoryError.full(what: "one more layout", wanted: 1, available: 0)) {
                var layout = SegmentLayout(version: 61)
                _ = try layout.addMutex("new")
                _ = try SharedSegment.attach(descriptor: segments[0].segment.descriptor, layout: layout)
            }
            segments[59].words[0].store(60)
            #expect(try open(version: 60).words[0].load() == 60)
        }
        // A child that another test starts holds all descriptors for a moment, until its exec.
        let deadline = SystemClock.monotonicNanoseconds() + 10_000_000_000
        while true {
            do {
                #expect(try open(version: 61).words[0].load() == 0)
                return
            } catch SharedMemoryError.full(what: _, wanted: _, available: _) {
                try #require(SystemClock.monotonicNanoseconds() < deadline)
            }
        }
    }
}
