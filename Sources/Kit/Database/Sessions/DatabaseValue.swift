/// A value as the database knows it.
public enum DatabaseValue: Hashable, Sendable {
    /// NULL.
    case null
    /// A signed integer of 64 bits.
    case integer(Int64)
    /// A floating-point number; NaN is stored as NULL.
    case real(Double)
    /// Text, stored as UTF-8; U+0000 is kept.
    case text(String)
    /// Bytes.
    case bytes([UInt8])
}

/// What can be given to a statement as a parameter.
///
/// An id type of its own conforms in one line, with `@inlinable` where it is
/// public:
///
///     extension UserID: DatabaseValueConvertible {
///         var databaseValue: DatabaseValue { .bytes(bytes) }
///     }
public protocol DatabaseValueConvertible {
    /// The value to store or to compare with.
    var databaseValue: DatabaseValue { get }
}

extension DatabaseValue: DatabaseValueConvertible {
    /// The value itself.
    @inlinable public var databaseValue: DatabaseValue { self }
}

extension Int64: DatabaseValueConvertible {
    /// An integer.
    @inlinable public var databaseValue: DatabaseValue { .integer(self) }
}

extension Int: DatabaseValueConvertible {
    /// An integer.
    @inlinable public var databaseValue: DatabaseValue { .integer(Int64(self)) }
}

extension Bool: DatabaseValueConvertible {
    /// 1 or 0.
    @inlinable public var databaseValue: DatabaseValue { .integer(self ? 1 : 0) }
}

extension Double: DatabaseValueConvertible {
    /// A floating-point number.
    @inlinable public var databaseValue: DatabaseValue { .real(self) }
}

extension String: DatabaseValueConvertible {
    /// Text.
    @inlinable public var databaseValue: DatabaseValue { .text(self) }
}

extension Array: DatabaseValueConvertible where Element == UInt8 {
    /// Bytes.
    @inlinable public var databaseValue: DatabaseValue { .bytes(self) }
}

extension Optional: DatabaseValueConvertible where Wrapped: DatabaseValueConvertible {
    /// The wrapped value, or NULL.
    @inlinable public var databaseValue: DatabaseValue { self?.databaseValue ?? .null }
}
