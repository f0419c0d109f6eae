/// The values of a statement's parameters, in their order.
///
/// They go to the server in its own binary form, so that nothing is quoted, escaped or parsed. The form must be that of
/// the type which the server finds for the parameter: `bigint`, `double precision`, `boolean`, `text` or `bytea`. It takes
/// any other with an error (22P03) or, for some of the same length, wrongly; so schemas use these types, or cast.
public struct Parameters: Sendable {
    // The first byte belongs to no value: so that the address of an empty one is not nil, which would be NULL.
    private var storage: [UInt8] = [0]
    // The length of each value, -1 for NULL.
    private var lengths: [Int32] = []

    /// None at first.
    public init() {}

    /// How many there are.
    public var count: Int { lengths.count }

    /// Adds NULL.
    public mutating func appendNull() { lengths.append(-1) }

    /// Adds a `bigint`.
    public mutating func append(_ value: Int64) { append(bigEndian: UInt64(bitPattern: value)) }

    /// Adds a `double precision`.
    public mutating func append(_ value: Double) { append(bigEndian: value.bitPattern) }

    /// Adds a `boolean`.
    public mutating func append(_ value: Bool) {
        storage.append(value ? 1 : 0)
        lengths.append(1)
    }

    /// Adds a `text`; the server refuses U+0000 in it.
    public mutating func append(_ value: String) {
        storage.append(contentsOf: value.utf8)
        lengths.append(Int32(clamping: value.utf8.count))
    }

    /// Adds a `bytea`.
    public mutating func append(_ value: [UInt8]) {
        storage.append(contentsOf: value)
        lengths.append(Int32(clamping: value.count))
    }

    private mutating func append(bigEndian bits: UInt64) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            storage.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
        lengths.append(8)
    }
}

extension Parameters {
    /// What libpq takes: how many there are, their addresses, their lengths, their formats.
    typealias Arrays = (
        count: Int32, values: UnsafePointer<UnsafePointer<CChar>?>?, lengths: UnsafePointer<Int32>?,
        formats: UnsafePointer<Int32>?
    )

    /// Lends the values in the form in which libpq takes them.
    ///
    /// Sound: all four are good until the closure returns, and libpq copies what it needs before.
    @unsafe func withArrays(_ body: (Arrays) -> Int32) -> Int32 {
        let formats = [Int32](repeating: 1, count: lengths.count)
        return unsafe storage.withUnsafeBytes { bytes in
            let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            var offset = 1
            var values: [UnsafePointer<CChar>?] = unsafe []
            unsafe values.reserveCapacity(lengths.count)
            for length in lengths {
                unsafe values.append(length < 0 ? nil : start.map { unsafe $0 + offset })
                offset += max(0, Int(length))
            }
            return unsafe values.withUnsafeBufferPointer { values in
                unsafe lengths.withUnsafeBufferPointer { lengths in
                    unsafe formats.withUnsafeBufferPointer { formats in
                        unsafe body(
                            (
                                Int32(clamping: values.count), values.baseAddress, lengths.baseAddress,
                                formats.baseAddress
                            )
                        )
                    }
                }
            }
        }
    }
}
