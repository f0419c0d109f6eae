internal import JSON
internal import Linux

/// Writes messages into a directory, where a developer reads them, and delivers nothing.
///
/// Each is a file `<time>-<id>.eml` for the owner only, and is there whole or not at all.
public struct DirectoryTransport: MailTransport {
    private let directory: String

    /// Takes the directory, which is made where it is missing.
    public init(_ directory: String) {
        self.directory = directory
    }

    /// Writes the message down; what was written before under its id is replaced.
    public func send(_ message: MailMessage, until shouldStop: @escaping () -> Bool) throws(MailFailure) {
        let time = RFC3339.string(microseconds: message.microseconds).filter { $0 != ":" }
        do throws(SystemError) {
            if !Files.exists(directory) { try Files.makeDirectory(directory, permissions: 0o700) }
            try Files.replace("\(directory)/\(time)-\(message.id).eml", with: message.bytes(), permissions: 0o600)
        } catch {
            throw .unavailable("\(error)")
        }
    }
}
