internal import ArgumentParser
internal import Console
internal import Linux

/// `gatehouse top`: what the pool does, live.
struct Top: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Shows live what the pool does: workers, requests that run, the queue, what is wrong.",
        discussion: "Ends with q or Ctrl-C. With --once it shows that once, and needs no terminal."
    )

    @OptionGroup var instance: InstanceOptions
    @Option(help: "How many seconds to the next look, 1 to 60.") var interval = 1
    @Flag(help: "Shows it once.") var once = false

    func validate() throws {
        guard (1...60).contains(interval) else { throw ValidationError("--interval takes 1 to 60 seconds.") }
    }

    func run() throws {
        try Failure.reporting {
            let first = try look()
            guard !once else {
                let columns = Terminal.isTerminal(.output) ? Terminal.columns(.output) ?? 80 : 200
                return try Output.lines(first.lines(columns: columns, rate: nil))
            }
            guard Terminal.isTerminal(.input), Terminal.isTerminal(.output) else {
                throw Failure(.usage, "top needs a terminal; --once shows the same once without one")
            }
            try watch(first)
        }
    }

    private func look() throws -> StatusView {
        guard let view = StatusView(try StatusQuery.document(of: instance.directory)) else {
            throw Failure("the pool's status cannot be read")
        }
        return view
    }

    private func watch(_ first: StatusView) throws {
        // What would end the process in the middle ends the loop, so that the terminal is left as it was.
        SignalDescriptor.blockAll()
        let signals = try SignalDescriptor([.terminate, .hangUp, .interrupt, .quit])
        let screen = try TerminalScreen()
        var (view, answered, seenAt) = (first, first.requestsAnswered, SystemClock.monotonicNanoseconds())
        var rate: Double?
        var problem: String?
        while true {
            let until = seenAt + Int64(interval) * 1_000_000_000
            var drawn = (columns: 0, rows: 0)
            while SystemClock.monotonicNanoseconds() < until {
                let size = screen.size
                if size != drawn {
                    screen.show(lines(view, rate, problem, size))
                    drawn = size
                }
                switch screen.key(withinMilliseconds: 100) {
                case UInt8(ascii: "q"), UInt8(ascii: "Q"), 3, 4: return
                default: break
                }
                if signals.next() != nil { return }
            }
            let now = SystemClock.monotonicNanoseconds()
            do {
                view = try look()
                problem = nil
                // Counters begin anew with a machine, and with the memory of the pool.
                let count = max(0, view.requestsAnswered - answered)
                rate = Double(count) * 1e9 / Double(now - seenAt)
                answered = view.requestsAnswered
            } catch {
                // A restart passes: what was seen last stays, with the reason that it is old.
                problem = "\(error)"
                rate = nil
            }
            seenAt = now
        }
    }

    private func lines(
        _ view: StatusView,
        _ rate: Double?,
        _ problem: String?,
        _ size: (columns: Int, rows: Int)
    ) -> [String] {
        var lines = view.lines(columns: size.columns, rate: rate)
        if let problem { lines.insert("! \(problem)".neutralised.cut(toWidth: size.columns), at: 0) }
        // The last row stays free: some terminals scroll when it is full.
        let room = max(1, size.rows - 1)
        guard lines.count > room else { return lines }
        return lines.prefix(max(0, room - 1)) + ["\(lines.count - room + 1) more".cut(toWidth: size.columns)]
    }
}
