import Foundation

/// A text file with requests and the answers that they must get, in order.
///
/// It begins with a sentence that says what it shows. A line `--> POST /path` begins a request, `<-- 201 Created` its
/// answer; fields, an empty line and the body follow. `@ ...` moves something in between. In requests `{administrator}`
/// stands for the token of that name.
struct ExchangeFile {
    /// A part of a file.
    enum Step {
        /// What is moved.
        case move([String])
        /// A request, as it is written, and its answer.
        case exchange(request: String, answer: String)
    }

    /// What the file shows.
    let title: String
    /// Its parts, in order.
    let steps: [Step]

    /// Where the files are.
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Exchanges")

    /// True where the answers in the files are to be written anew.
    static var isRecording: Bool { ProcessInfo.processInfo.environment["RECORD"] == "1" }

    /// The names of all files.
    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".http") }.sorted()
    }

    /// Reads a file.
    init(named name: String) throws {
        var title = ""
        var steps: [Step] = []
        for block in Self.blocks(try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)) {
            switch block.prefix(2) {
            case "@ ": steps.append(.move(block.dropFirst(2).split(separator: " ").map(String.init)))
            case "--": steps.append(.exchange(request: block, answer: ""))
            case "<-":
                guard case .exchange(let request, _)? = steps.popLast() else { throw Malformed(block: block) }
                steps.append(.exchange(request: request, answer: block))
            default: title = block
            }
        }
        self.title = title
        self.steps = steps
    }

    /// A block that stands where it cannot.
    struct Malformed: Error {
        let block: String
    }

    /// Writes a file anew.
    static func write(_ title: String, _ steps: [Step], to name: String) throws {
        let blocks = steps.flatMap { step in
            switch step {
            case .move(let words): ["@ " + words.joined(separator: " ")]
            case .exchange(let request, let answer): [request, answer]
            }
        }
        let text = ([title] + blocks).joined(separator: "\n\n") + "\n"
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    /// The text in blocks, each from its mark to the next one, without empty lines around it.
    private static func blocks(_ text: String) -> [String] {
        var blocks: [[Substring]] = [[]]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("--> ") || line.hasPrefix("<-- ") || line.hasPrefix("@ ") { blocks.append([]) }
            blocks[blocks.count - 1].append(line)
        }
        return blocks.map { lines in
            lines.joined(separator: "\n").trimmingCharacters(in: .newlines)
        }.filter { !$0.isEmpty }
    }
}
