/// A key of the configuration with the Swift type of its value.
///
/// The functions below make keys; a ``ConfigurationTable`` is made of them, and ``ConfigurationValues`` is asked with
/// them. Every function takes the dotted name, a `summary` of what is set, the default, optionally a `rule` that says
/// how the default is computed (then the expression is evaluated when the configuration is read, and brought into the
/// bounds), the `reason` of the default, and a `check` that returns nil or the rest of a sentence about the key, such
/// as "must hold a port"; it must not hold the value of a secret.
public struct ConfigurationKey<Value: Sendable>: ConfigurationEntry {
    /// What the table knows about the key.
    ///
    /// The same for all types of value.
    public let definition: ConfigurationDefinition

    let decode: @Sendable (ConfigurationValue) -> Value?

    /// The dotted name.
    ///
    /// Short for that of the definition.
    public var name: String { definition.name }
}

/// An entry of a table: a key of any type.
///
/// Only ``ConfigurationKey`` conforms.
public protocol ConfigurationEntry: Sendable {
    /// What the table knows about the key.
    ///
    /// See ``ConfigurationDefinition``.
    var definition: ConfigurationDefinition { get }
}
