internal import Linux

/// How far something has come that takes long, on one line of standard error.
///
/// Where standard error is no terminal it shows nothing. The line is drawn ten times a second at most, and is gone when
/// ``finish()`` returns. For one thread.
public struct ProgressBar {
    private static let interval: Int64 = 100_000_000

    private let label: String
    private let total: Int
    private let columns: Int?
    private let write: ([UInt8]) -> Void
    private var nextDrawing: Int64 = 0
    private var isShown = false

    /// Names what takes long, and how many steps it has.
    public init(_ label: String, total: Int) {
        let columns = Terminal.isTerminal(.errors) ? Terminal.columns(.errors) ?? 80 : nil
        self.init(label, total: total, columns: columns, write: StandardError.write)
    }

    /// The same on any terminal of so many columns; nil shows nothing.
    init(_ label: String, total: Int, columns: Int?, write: @escaping ([UInt8]) -> Void) {
        self.label = label
        self.total = total
        self.columns = columns
        self.write = write
    }

    /// Shows that so many steps are done, if it is time.
    public mutating func show(_ done: Int) {
        guard let columns else { return }
        let now = SystemClock.monotonicNanoseconds()
        guard now >= nextDrawing else { return }
        nextDrawing = now + Self.interval
        isShown = true
        write(Array("\r\(line(done, columns))\u{1B}[K".utf8))
    }

    /// Takes the line away.
    public mutating func finish() {
        guard isShown else { return }
        isShown = false
        write(Array("\r\u{1B}[K".utf8))
    }

    private func line(_ done: Int, _ columns: Int) -> String {
        let done = min(done, total)
        let percent = total == 0 ? 100 : done * 100 / total
        let numbers = "\(done)/\(total)"
        let padding = String(repeating: " ", count: "\(percent)".count < 3 ? 3 - "\(percent)".count : 0)
        // One column stays free: some terminals wrap where the last one is written.
        let room = columns - 1 - label.displayWidth - numbers.count - " []  100% ".count
        guard room >= 10 else { return "\(percent)%".cut(toWidth: max(0, columns - 1)) }
        let width = min(room, 40)
        let filled = total == 0 ? width : done * width / total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        return "\(label) [\(bar)] \(padding)\(percent)%  \(numbers)"
    }
}
