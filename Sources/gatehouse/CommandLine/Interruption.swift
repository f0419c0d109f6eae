internal import Linux

/// Ctrl-C and its like as something to ask about, so that a command can tidy up before it ends.
struct Interruption: ~Copyable {
    private let signals: SignalDescriptor

    /// From here on these signals end nothing by themselves.
    init() throws {
        SignalDescriptor.blockAll()
        signals = try SignalDescriptor([.interrupt, .terminate, .quit, .hangUp])
    }

    /// Whether somebody wants the command to end.
    var isWanted: Bool { signals.next() != nil }

    /// - Throws: ``Failure`` where somebody wants the command to end.
    func check() throws {
        if isWanted { throw Failure("interrupted; nothing was changed") }
    }
}
