import Linux

/// The file in /dev/shm that an instance leaves behind, as it should.
enum SharedMemoryFile {
    /// Removes the one that names a directory as its own.
    static func remove(of directory: String) {
        let script = #"for file in /dev/shm/gatehouse-*; do grep -aqF "$1" "$file" && rm -f "$file"; done"#
        _ = try? Command.run("sh", ["-c", script, "sh", directory])
    }
}
