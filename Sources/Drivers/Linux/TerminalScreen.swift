internal import CLinux
internal import Glibc

/// The whole screen of the terminal on the standard streams, for a program that shows something live.
///
/// While it is there the terminal shows a screen of its own, no cursor and nothing that is typed, and Ctrl-C arrives as a
/// byte. With its owner's end all is as it was before. The escape sequences are those of ECMA-48 and of xterm that every
/// terminal of today knows, tmux and screen among them.
public struct TerminalScreen: ~Copyable {
    private var before = termios()

    /// Takes the screen; throws `SystemError` where the standard streams are no terminal.
    public init() throws(SystemError) {
        // Both structures are this function's own for the length of the calls.
        guard unsafe tcgetattr(0, &before) == 0, isatty(1) == 1 else { throw SystemError.last("use the terminal") }
        var raw = before
        raw.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG | IEXTEN)
        raw.c_iflag &= ~tcflag_t(IXON | ICRNL)
        guard unsafe tcsetattr(0, TCSADRAIN, &raw) == 0 else { throw SystemError.last("set the terminal") }
        // The alternate screen, and no cursor.
        Self.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J")
    }

    deinit {
        Self.write("\u{1B}[?25h\u{1B}[?1049l")
        var settings = before
        _ = unsafe tcsetattr(0, TCSADRAIN, &settings)
    }

    /// Its size at this moment; 80 columns and 24 rows where the terminal does not tell.
    public var size: (columns: Int, rows: Int) {
        var (columns, rows): (Int32, Int32) = (0, 0)
        // Both are this function's own for the length of the call.
        unsafe linux_terminal_size(1, &columns, &rows)
        return (columns > 0 ? Int(columns) : 80, rows > 0 ? Int(rows) : 24)
    }

    /// Shows these lines, from the top; what was there before goes.
    ///
    /// Each must fit, and hold no control characters.
    public func show(_ lines: [String]) {
        let text = lines.joined(separator: "\u{1B}[K\r\n")
        // In one write and without clearing first, so that nothing flickers.
        Self.write("\u{1B}[H\(text)\u{1B}[K\u{1B}[J")
    }

    /// Waits for a byte that is typed; nil where none comes in that time.
    ///
    /// The end of the input is told as Ctrl-D.
    public func key(withinMilliseconds time: Int32) -> UInt8? {
        var entry = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        // The structure is this function's own for the length of the call.
        guard unsafe poll(&entry, 1, time) == 1 else { return nil }
        var byte: UInt8 = 0
        // One byte of this function's own.
        let count = unsafe read(0, &byte, 1)
        if count == 1 { return byte }
        return count < 0 && (linux_errno() == EINTR || linux_errno() == EAGAIN) ? nil : 4
    }

    private static func write(_ text: String) {
        let output = FileDescriptor(owning: 1)
        // Nobody is left to be told where the terminal has gone.
        try? output.writeAll(Array(text.utf8))
        _ = output.release()
    }
}
