/// A value that must never be seen in a log, an error or a debugger's dump.
///
/// Interpolation, `print`, `dump` and reflection all show the name of the type
/// only. To get at the content one has to name the member that holds it.
package protocol Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Secret {
    /// The name of the type, and nothing of the content.
    package var description: String { "\(Self.self)(hidden)" }

    /// The same as `description`.
    package var debugDescription: String { description }

    /// A mirror without children.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
