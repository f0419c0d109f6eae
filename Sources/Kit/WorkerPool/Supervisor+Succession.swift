internal import JSON
internal import Linux
internal import Logging

/// How a supervisor puts another program in its own place: same process, same sockets, same children.
///
/// First a child, of the program that is to come, reads what it would get; then exec(2). Where anything fails, nothing
/// has changed.
extension Supervisor {
    /// Has the new program read what it would get.
    func beginSuccession() {
        do throws(SystemError) {
            guard let heir = generations[state.generation] else { return failSuccession("its binary is gone") }
            let document = try Files.inMemory(estate())
            let words = try Files.inMemory([])
            let pid = try ChildProcess.spawn(
                path: heir.binaryPath,
                arguments: CommandLine.arguments,
                environment: environment + [Succession.assignment(for: .reader, 3)],
                descriptors: [nil, nil, words.number, document.number]
            )
            let deadline = SystemClock.monotonicNanoseconds() + 10_000_000_000
            reader = Reader(pid: pid, deadline: deadline, words: words)
        } catch {
            failSuccession("\(error)")
        }
    }

    /// The child has ended; where it could read the document, this process becomes what it was.
    func finishSuccession(_ reader: Reader, _ end: ProcessEnd) {
        guard !state.isStopping else { return }
        guard end == .exited(0) else {
            let said = reader.said
            return failSuccession(said.isEmpty ? "the new one, which was to read what it would get, \(end)" : said)
        }
        do throws(SystemError) {
            guard let heir = generations[state.generation] else { return failSuccession("its binary is gone") }
            let document = try Files.inMemory(estate())
            let kept = keptDescriptors + [document.number]
            try ThisProcess.keepThroughExec(kept, true)
            log.info("the supervisor replaces itself")
            do throws(SystemError) {
                try ChildProcess.replaceThisProcess(
                    path: heir.binaryPath,
                    arguments: CommandLine.arguments,
                    environment: environment + [Succession.assignment(for: .successor, document.number)]
                )
            } catch {
                try? ThisProcess.keepThroughExec(kept, false)
                throw error
            }
        } catch {
            failSuccession("\(error)")
        }
    }

    private func failSuccession(_ reason: String) {
        log.error("the supervisor stays what it is", metadata: ["reason": "\(reason)"])
        answerReload(
            "error: generation \(state.generation) serves, but the supervisor is of the program before: \(reason)"
        )
        perform(.notReplaced(reason: reason))
    }

    // MARK: - The document

    private var keptDescriptors: [Int32] {
        var kept = [listener, commands.number] + processes.values.map { $0.control.number }
        kept += generations.values.flatMap { [$0.binary.number, $0.configuration.number] }
        kept += (waitingForReload + waitingForNext + askers.values).map(\.number)
        kept += [lock, statusListener].compactMap { $0 }
        if let companion = companion.estate { kept.append(companion.process.control.number) }
        return kept
    }

    private func estate() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { document in
            document.member("pid", Int(ThisProcess.id))
            document.member("program", binaryPath)
            document.member("lock", lock.map { Int($0) })
            document.member("listener", Int(listener))
            document.member("status_listener", statusListener.map { Int($0) })
            document.member("commands", Int(commands.number))
            document.member("state", raw: state.json())
            document.array("members") { list in
                for (id, process) in processes { list.object { Self.write(id, process, to: &$0) } }
            }
            document.array("generations") { list in
                for (number, generation) in generations {
                    list.object { member in
                        member.member("number", number)
                        member.member("binary", Int(generation.binary.number))
                        member.member("configuration", Int(generation.configuration.number))
                    }
                }
            }
            if let (process, generation, phase) = companion.estate {
                document.object("companion") { member in
                    Self.write(generation, process, to: &member)
                    member.member("phase", phase.rawValue)
                }
            }
            document.array("waiting_for_upgrade") { list in
                for asker in waitingForReload { list.write(Int(asker.number)) }
            }
            document.array("waiting_for_reload") { list in for asker in waitingForNext { list.write(Int(asker.number)) }
            }
            document.array("askers") { list in for asker in askers.values { list.write(Int(asker.number)) } }
        }
        return writer.bytes
    }

    private static func write(_ id: Int, _ process: PoolProcess, to member: inout JSONWriter) {
        member.member("id", id)
        member.member("pid", Int(process.pid))
        member.member("control", Int(process.control.number))
    }

    // MARK: - The successor

    /// Goes on where the supervisor before this one has ended.
    func resume(_ succession: Succession) {
        do throws(SystemError) {
            for (number, binary, configuration) in succession.generations {
                generations[number] = try Generation(
                    number: number,
                    binary: FileDescriptor(owning: binary),
                    configuration: FileDescriptor(owning: configuration),
                    program: program
                )
            }
            listener = succession.descriptor("listener") ?? -1
            statusListener = succession.descriptor("status_listener")
            for member in succession.members {
                processes[member.id] = PoolProcess(pid: member.pid, control: FileDescriptor(owning: member.control))
                try epoll.add(member.control, .readable, token: Token.firstWorker + UInt64(member.id))
            }
        } catch {
            // What cannot be watched is noticed by its end.
            log.error("the supervisor has not got all that it was left", metadata: ["reason": "\(error)"])
        }
        state = succession.state
        if let serving = generations[state.generation], !program.companionArguments.isEmpty {
            let (member, phase) = succession.companion ?? (nil, .starting)
            companion.goOn(
                with: member.map { PoolProcess(pid: $0.pid, control: FileDescriptor(owning: $0.control)) },
                generation: member?.id ?? 0,
                phase: phase,
                serving: serving
            )
        }
        log.info("the supervisor has replaced itself", metadata: ["generation": "\(state.generation)"])
        func connection(_ number: Int32) -> CommandConnection {
            CommandConnection(FileDescriptor(owning: number), now: SystemClock.monotonicNanoseconds())
        }
        for asker in succession.descriptors("askers") { listen(to: connection(asker)) }
        waitingForNext = succession.descriptors("waiting_for_reload").map(connection)
        let workers = Self.workers(state.readyWorkers)
        for asker in succession.descriptors("waiting_for_upgrade") {
            connection(asker).answer(
                "ok: generation \(state.generation) serves with \(workers), and the supervisor is of its program"
            )
        }
        // A trial was this process's own, and who ended meanwhile was told of to the program before.
        for worker in state.workers where worker.phase == .proving { prove(worker.id) }
        reap()
    }
}

/// A child that reads what a successor would get.
final class Reader {
    let pid: Int32
    let deadline: Int64
    private let words: FileDescriptor

    init(pid: Int32, deadline: Int64, words: consuming FileDescriptor) {
        self.pid = pid
        self.deadline = deadline
        self.words = words
    }

    /// What it wrote to standard error.
    var said: String {
        let bytes = try? { () throws(SystemError) in
            try words.rewind()
            return try words.readAll(limit: 1 << 16)
        }()
        return String(decoding: bytes ?? [], as: UTF8.self).split(separator: "\n").joined(separator: "; ")
    }
}
