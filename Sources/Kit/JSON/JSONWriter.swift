/// Writes one JSON text after another into a buffer of bytes.
///
/// Commas and colons are placed by the writer; what is written inside `object` must be members, what is written inside
/// `array` must be values. A value that is written twice where one belongs gives a text that is not JSON, so a writer
/// is meant for code, not for input. Nothing here throws or blocks. A writer cannot be copied, which keeps its
/// buffer from being copied by accident; it is not meant to be used by two threads at once.
public struct JSONWriter: ~Copyable {
    @usableFromInline
    var buffer: [UInt8]

    @usableFromInline
    var needsComma = false

    /// Makes an empty writer.
    ///
    /// `capacity` is the number of bytes that fit without another allocation.
    @inlinable
    public init(capacity: Int = 512) {
        buffer = []
        buffer.reserveCapacity(capacity)
    }

    /// The bytes written so far, in UTF-8.
    ///
    /// The array shares the buffer with the writer until the writer writes on, which then copies it.
    @inlinable
    public var bytes: [UInt8] { buffer }

    /// The number of bytes written so far.
    @inlinable
    public var count: Int { buffer.count }

    /// Empties the writer for the next text.
    ///
    /// With `keepingCapacity` the buffer is used again, which costs no allocation as long as nobody else holds `bytes`.
    @inlinable
    public mutating func removeAll(keepingCapacity: Bool = true) {
        buffer.removeAll(keepingCapacity: keepingCapacity)
        needsComma = false
    }

    /// Ends a line, so that the next value starts a text of its own.
    ///
    /// This is the form of logs: one JSON text in each line.
    @inlinable
    public mutating func newline() {
        buffer.append(UInt8(ascii: "\n"))
        needsComma = false
    }
}

// MARK: - Structure

extension JSONWriter {
    /// Writes an object whose members the closure writes.
    ///
    /// An error of the closure passes through; the text is then incomplete.
    @inlinable
    public mutating func object<Failure: Error>(
        _ members: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        open(UInt8(ascii: "{"))
        try members(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an array whose elements the closure writes.
    ///
    /// An error of the closure passes through; the text is then incomplete.
    @inlinable
    public mutating func array<Failure: Error>(
        _ elements: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        open(UInt8(ascii: "["))
        try elements(&self)
        close(UInt8(ascii: "]"))
    }

    /// Writes a member that holds an object.
    ///
    /// Short for `member` with an `object` inside.
    @inlinable
    public mutating func object<Failure: Error>(
        _ name: JSONMemberName,
        _ members: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin(name)
        try object(members)
    }

    /// Writes a member that holds an array.
    ///
    /// Short for `member` with an `array` inside.
    @inlinable
    public mutating func array<Failure: Error>(
        _ name: JSONMemberName,
        _ elements: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin(name)
        try array(elements)
    }

    /// Writes a member whose value the closure writes.
    ///
    /// The closure writes exactly one value; if it writes none, the value is `null`.
    @inlinable
    public mutating func member<Failure: Error>(
        _ name: JSONMemberName,
        _ value: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin(name)
        try value(&self)
        if !needsComma { null() }
    }

    /// Writes a member.
    ///
    /// The name is copied as it stands in the source; the value is escaped as its type needs.
    @inlinable
    public mutating func member(_ name: JSONMemberName, _ value: some JSONWritable) {
        begin(name)
        value.write(to: &self)
    }

    /// Writes a member whose name is not known when the program is compiled.
    ///
    /// The name is escaped. The writer does not notice a name that it has written before.
    @inlinable
    public mutating func member(escaping name: String, _ value: some JSONWritable) {
        begin(escaping: name)
        value.write(to: &self)
    }

    /// Writes a member whose name is not known when the program is compiled and whose value the closure writes.
    ///
    /// The name is escaped. The closure writes exactly one value; if it writes none, the value is `null`.
    @inlinable
    public mutating func member<Failure: Error>(
        escaping name: String,
        _ value: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin(escaping: name)
        try value(&self)
        if !needsComma { null() }
    }

    /// Writes a member whose value is JSON already.
    ///
    /// The bytes are copied without a check.
    @inlinable
    public mutating func member(_ name: JSONMemberName, raw json: [UInt8]) {
        begin(name)
        raw(json)
    }

    /// Writes a member that holds a point in time.
    ///
    /// `timestamp` counts microseconds since the epoch; the text is that of ``RFC3339``.
    @inlinable
    public mutating func member(_ name: JSONMemberName, timestamp: Int64) {
        begin(name)
        self.timestamp(microseconds: timestamp)
    }

    @inlinable
    @inline(__always)
    mutating func separate() {
        if needsComma { buffer.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    @inlinable
    mutating func open(_ bracket: UInt8) {
        separate()
        buffer.append(bracket)
        needsComma = false
    }

    @inlinable
    mutating func close(_ bracket: UInt8) {
        buffer.append(bracket)
        needsComma = true
    }

    @usableFromInline
    mutating func begin(_ name: JSONMemberName) {
        let text = name.text.utf8.span
        buffer.append(addingCapacity: text.count + 4) { out in
            if needsComma { out.append(UInt8(ascii: ",")) }
            out.append(UInt8(ascii: "\""))
            for index in text.indices { out.append(text[index]) }
            out.append(UInt8(ascii: "\""))
            out.append(UInt8(ascii: ":"))
        }
        needsComma = false
    }

    @inlinable
    mutating func begin(escaping name: String) {
        string(name)
        buffer.append(UInt8(ascii: ":"))
        needsComma = false
    }
}

// MARK: - Values

extension JSONWriter {
    /// Writes any value that knows its JSON form.
    ///
    /// In an array this is the next element.
    @inlinable
    public mutating func write(_ value: some JSONWritable) {
        value.write(to: &self)
    }

    /// Writes `null`.
    ///
    /// In an array this is the next element.
    public mutating func null() {
        literal("null")
    }

    /// Writes `true` or `false`.
    ///
    /// In an array this is the next element.
    public mutating func bool(_ value: Bool) {
        literal(value ? "true" : "false")
    }

    /// Writes JSON that is encoded already.
    ///
    /// The bytes must be exactly one value; they are copied without a check.
    @inlinable
    public mutating func raw(_ json: [UInt8]) {
        raw(json.span)
    }

    /// Writes JSON that is encoded already and lies in somebody else's buffer.
    ///
    /// The bytes must be exactly one value; they are copied without a check.
    public mutating func raw(_ json: Span<UInt8>) {
        buffer.append(addingCapacity: json.count + 1) { out in
            if needsComma { out.append(UInt8(ascii: ",")) }
            for index in json.indices { out.append(json[index]) }
        }
        needsComma = true
    }

    /// Writes a point in time as a string.
    ///
    /// `microseconds` counts from the epoch; the text is that of ``RFC3339``.
    public mutating func timestamp(microseconds: Int64) {
        let array = RFC3339.text(microseconds: microseconds)
        let text = array.span
        buffer.append(addingCapacity: text.count + 3) { out in
            if needsComma { out.append(UInt8(ascii: ",")) }
            out.append(UInt8(ascii: "\""))
            for index in text.indices { out.append(text[index]) }
            out.append(UInt8(ascii: "\""))
        }
        needsComma = true
    }

    private mutating func literal(_ text: String) {
        let text = text.utf8.span
        buffer.append(addingCapacity: text.count + 1) { out in
            if needsComma { out.append(UInt8(ascii: ",")) }
            for index in text.indices { out.append(text[index]) }
        }
        needsComma = true
    }
}
