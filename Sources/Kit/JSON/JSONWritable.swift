/// A value that knows its JSON form.
///
/// `write` writes exactly one value. It cannot fail: what has no JSON form must not conform.
public protocol JSONWritable {
    /// Writes the value.
    ///
    /// Exactly one JSON value is appended to `writer`.
    func write(to writer: inout JSONWriter)
}

extension String: JSONWritable {
    /// Writes the string, escaped.
    ///
    /// See ``JSONWriter/string(_:)``.
    @inlinable
    public func write(to writer: inout JSONWriter) { writer.string(self) }
}

extension Bool: JSONWritable {
    /// Writes `true` or `false`.
    ///
    /// See ``JSONWriter/bool(_:)``.
    @inlinable
    public func write(to writer: inout JSONWriter) { writer.bool(self) }
}

extension Double: JSONWritable {
    /// Writes the shortest decimal that reads back as the same number.
    ///
    /// See ``JSONWriter/number(_:)``.
    @inlinable
    public func write(to writer: inout JSONWriter) { writer.number(self) }
}

extension FixedWidthInteger where Self: JSONWritable {
    /// Writes the integer exactly.
    ///
    /// See ``JSONWriter/integer(_:)``.
    @inlinable
    public func write(to writer: inout JSONWriter) { writer.integer(self) }
}

extension Int: JSONWritable {}
extension Int8: JSONWritable {}
extension Int16: JSONWritable {}
extension Int32: JSONWritable {}
extension Int64: JSONWritable {}
extension UInt: JSONWritable {}
extension UInt8: JSONWritable {}
extension UInt16: JSONWritable {}
extension UInt32: JSONWritable {}
extension UInt64: JSONWritable {}

extension Optional: JSONWritable where Wrapped: JSONWritable {
    /// Writes the value, or `null` if there is none.
    ///
    /// A member that shall be absent instead is not written at all.
    @inlinable
    public func write(to writer: inout JSONWriter) {
        if let self { self.write(to: &writer) } else { writer.null() }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    /// Writes an array of the elements.
    ///
    /// Bytes that are JSON already are written by ``JSONWriter/raw(_:)`` instead.
    @inlinable
    public func write(to writer: inout JSONWriter) {
        writer.array { writer in
            for element in self { element.write(to: &writer) }
        }
    }
}
