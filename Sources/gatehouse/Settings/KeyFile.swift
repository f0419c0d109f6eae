internal import Cryptography
internal import Linux
internal import Security

/// The file that holds the secrets of an instance, readable by its owner only.
struct KeyFile {
    let path: String

    /// Reads the secrets, and makes them where there is no file yet.
    ///
    /// Of several processes that make them at once one wins, and all read what it made.
    func read() throws -> InstanceKeys {
        if !Files.exists(path) {
            try CryptographyLibrary.initialize()
            try Files.makeDirectory(directory, permissions: 0o700)
            try Files.create(path, with: Array(InstanceKeys().text.utf8), permissions: 0o600)
        }
        do {
            return try InstanceKeys(text: String(decoding: try Files.read(path, limit: 64 << 10), as: UTF8.self))
        } catch let error as InstanceKeys.Malformed {
            throw Failure("the key file \(path) cannot be read: \(error)")
        }
    }

    /// Adds a new secret, which signs from the next reload on.
    func rotate() throws -> InstanceKeys {
        try CryptographyLibrary.initialize()
        let keys = try read().rotated()
        try Files.replace(path, with: Array(keys.text.utf8), permissions: 0o600)
        return keys
    }

    private var directory: String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}
