internal import API
internal import Console
internal import Domain
internal import JSON
internal import Linux

/// What a command prints, for people or for programs.
///
/// A write that fails is an error of the command: a list that was cut by a full disk must not look whole.
enum Output {
    static func write(_ bytes: [UInt8]) throws {
        let file = FileDescriptor(owning: 1)
        let result = Result { () throws(SystemError) in try file.writeAll(bytes) }
        _ = file.release()
        try result.get()
    }

    static func line(_ text: String) throws {
        try write(Array("\(text)\n".utf8))
    }

    /// One JSON document.
    static func document(_ value: (inout JSONWriter) -> Void) throws {
        var writer = JSONWriter()
        value(&writer)
        writer.newline()
        try json(writer.bytes)
    }

    /// A JSON text, or a part of one, with nothing in it that would drive a terminal.
    static func json(_ bytes: [UInt8]) throws {
        try write(Array(String(decoding: bytes, as: UTF8.self).neutralisedJSON.utf8))
    }

    /// A table for people, cut to the terminal where there is one.
    static func table(_ head: [String]) -> Table {
        Table(head, columns: Terminal.isTerminal(.output) ? Terminal.columns(.output) : nil)
    }

    static func lines(_ lines: [String]) throws {
        guard !lines.isEmpty else { return }
        try line(lines.joined(separator: "\n"))
    }
}

/// A list that is printed in parts while it is read: one table, or one JSON array.
struct ListOutput<Item> {
    private let asJSON: Bool
    private let row: (Item) -> [String]
    private let write: (Item, inout JSONWriter) -> Void
    private var table: Table
    private var isEmpty = true

    init(
        asJSON: Bool,
        head: [String],
        row: @escaping (Item) -> [String],
        write: @escaping (Item, inout JSONWriter) -> Void
    ) {
        self.asJSON = asJSON
        self.row = row
        self.write = write
        table = Output.table(head)
    }

    /// Prints some items.
    mutating func show(_ items: [Item]) throws {
        guard !items.isEmpty else { return }
        guard asJSON else { return try Output.lines(table.lines(items.map(row))) }
        var bytes: [UInt8] = []
        for item in items {
            // An item a line, so that the document can be read in parts too.
            bytes += Array((isEmpty ? "[\n" : ",\n").utf8)
            isEmpty = false
            var writer = JSONWriter()
            write(item, &writer)
            bytes += writer.bytes
        }
        try Output.json(bytes)
    }

    /// Ends the list; a table of nothing prints nothing.
    func finish() throws {
        guard asJSON else { return }
        try Output.line(isEmpty ? "[]" : "\n]")
    }
}

extension Timestamp {
    /// For people: seconds are enough.
    var shown: String { "\(RFC3339.string(microseconds: microseconds).prefix(19))Z" }
}
