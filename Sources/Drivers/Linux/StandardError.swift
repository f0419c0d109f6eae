internal import CLinux
internal import Glibc
internal import Synchronization

/// The stream for a process's own words.
public enum StandardError {
    /// How long a reader that does not read is waited for, once.
    private static let patience: Int32 = 100
    private static let isStuck = Atomic(false)

    /// Writes the bytes in one call where the kernel lets it; what cannot be written is dropped.
    ///
    /// A full pipe is waited for no longer than a tenth of a second, and not at all while it stays full: whoever reads
    /// the log must not be able to stop the process that writes it.
    public static func write(_ bytes: [UInt8]) {
        let isWritable = linux_wait_writable(2, isStuck.load(ordering: .relaxed) ? 0 : patience) != 0
        isStuck.store(!isWritable, ordering: .relaxed)
        guard isWritable else { return }
        // The array lives for the length of the call.
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
    }

    /// Writes a line of text.
    public static func writeLine(_ text: String) {
        write(Array("\(text)\n".utf8))
    }
}
