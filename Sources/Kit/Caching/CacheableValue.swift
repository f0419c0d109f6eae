/// A value that may be cached: it knows what it weighs.
///
/// It is shared by all threads of the process, and handed out as it was loaded.
public protocol CacheableValue: Sendable {
    /// About how many bytes of memory it takes, those that it refers to among them.
    var byteCount: Int { get }
}

/// A value of any kind, with a weight that its maker has estimated.
public struct Weighed<Value: Sendable>: CacheableValue {
    /// The value.
    public let value: Value
    /// About how many bytes it takes.
    public let byteCount: Int

    /// Puts a weight to a value.
    @inlinable public init(_ value: Value, byteCount: Int) {
        self.value = value
        self.byteCount = byteCount
    }
}

extension Array: CacheableValue where Element == UInt8 {
    /// The bytes themselves.
    @inlinable public var byteCount: Int { count }
}

extension Int: CacheableValue {
    /// One word.
    @inlinable public var byteCount: Int { 8 }
}

extension String: CacheableValue {
    /// Its UTF-8.
    @inlinable public var byteCount: Int { utf8.count }
}

extension Optional: CacheableValue where Wrapped: CacheableValue {
    /// That of what is there.
    @inlinable public var byteCount: Int { self?.byteCount ?? 0 }
}
