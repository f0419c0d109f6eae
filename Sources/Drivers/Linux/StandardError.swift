internal import CLinux
internal import Glibc

/// The stream for a process's own words.
public enum StandardError {
    /// Writes the bytes in one call where the kernel lets it; what cannot be written is dropped.
    public static func write(_ bytes: [UInt8]) {
        // The array lives for the length of the call.
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
    }

    /// Writes a line of text.
    public static func writeLine(_ text: String) {
        write(Array("\(text)\n".utf8))
    }
}
