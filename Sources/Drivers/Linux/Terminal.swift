internal import CLinux
internal import Glibc

/// The terminal that a person sits at, by the descriptors 0, 1 and 2.
public enum Terminal {
    /// A standard stream.
    public enum Stream: Int32, Sendable {
        /// What is typed.
        case input = 0
        /// What is asked for.
        case output = 1
        /// What is said beside it.
        case errors = 2
    }

    /// What came instead of a line.
    public enum Interruption: Error, CustomStringConvertible {
        /// Ctrl-C.
        case interrupted
        /// The end of the input, or Ctrl-D at the beginning of the line.
        case ended

        /// In words.
        public var description: String {
            switch self {
            case .interrupted: "interrupted"
            case .ended: "nothing was typed"
            }
        }
    }

    /// True where the stream is a terminal.
    public static func isTerminal(_ stream: Stream) -> Bool { isatty(stream.rawValue) == 1 }

    /// The number of columns of the terminal, or nil where the stream is none or does not tell.
    public static func columns(_ stream: Stream) -> Int? {
        let columns = linux_terminal_columns(stream.rawValue)
        return columns > 0 ? Int(columns) : nil
    }

    /// Asks on standard error for a line, and reads it from the terminal without showing it, for secrets.
    ///
    /// The terminal is as it was before when this returns or throws: while it reads no signal of the terminal can end
    /// the process, and Ctrl-C arrives as a byte. Backspace takes a character back, Ctrl-U the line. What was typed
    /// before counts. Blocks.
    ///
    /// - Throws: ``Interruption``, or ``SystemError`` where the input is no terminal.
    public static func readSecretLine(_ prompt: String) throws -> String {
        let input = Stream.input.rawValue
        var before = termios()
        // Both structures are this function's own for the length of the calls.
        guard unsafe tcgetattr(input, &before) == 0 else { throw SystemError.last("read from the terminal") }
        var hidden = before
        hidden.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG)
        guard unsafe tcsetattr(input, TCSADRAIN, &hidden) == 0 else { throw SystemError.last("set the terminal") }
        defer { unsafe tcsetattr(input, TCSADRAIN, &before) }
        // Only now: what is typed at the sight of it must not show.
        StandardError.write(Array(prompt.utf8))
        defer { StandardError.write([UInt8(ascii: "\n")]) }
        var line: [UInt8] = []
        while true {
            var byte: UInt8 = 0
            // One byte of this function's own.
            let count = unsafe read(input, &byte, 1)
            if count < 0, linux_errno() == EINTR { continue }
            guard count == 1 else { throw Interruption.ended }
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return String(decoding: line, as: UTF8.self)
            case 0x03: throw Interruption.interrupted
            case 0x04 where line.isEmpty: throw Interruption.ended
            case 0x15: line = []
            case 0x08, 0x7F: takeBack(&line)
            default: line.append(byte)
            }
        }
    }

    /// The two ends of a terminal that is none of hardware.
    @frozen
    public struct Pair: ~Copyable {
        /// Where a person, or who stands in for one, types and looks.
        public var person: FileDescriptor
        /// The terminal, for the program.
        public var program: FileDescriptor
    }

    /// Makes a pseudo-terminal (pty(7)), which controls no process.
    public static func makePair() throws(SystemError) -> Pair {
        var numbers: [Int32] = [-1, -1]
        // The array holds the two places that the call fills.
        let result = unsafe numbers.withUnsafeMutableBufferPointer { places in
            unsafe linux_pseudo_terminal(places.baseAddress)
        }
        guard result == 0 else { throw SystemError.last("open a pseudo-terminal") }
        return Pair(person: FileDescriptor(owning: numbers[0]), program: FileDescriptor(owning: numbers[1]))
    }

    /// Takes the last character back, with all bytes of its UTF-8 form.
    private static func takeBack(_ line: inout [UInt8]) {
        while let byte = line.popLast(), byte & 0xC0 == 0x80 {}
    }
}
