/// How much stands in a write-ahead log, and how much of that is in the database file.
///
/// Not the size of the log's file, which stays when the log starts anew from its beginning.
public struct WriteAheadLogLength: Equatable, Sendable {
    /// How many frames the log has: one for each page of each commit.
    public let frames: Int
    /// How many of them, from the first on, have been copied back.
    public let copiedFrames: Int
    /// How many bytes of the log's file the frames take.
    public let bytes: Int

    /// Whether there is nothing that is not in the database file too.
    public var isCopied: Bool { copiedFrames >= frames }

    /// How many bytes of the index say all this.
    static let header = 136

    /// Reads the first part of the index (https://sqlite.org/walformat.html, 2.1); nil where it has not been made.
    init?(index: UnsafeRawBufferPointer) {
        // Sound in each line: the numbers stand within the header, at multiples of their size.
        let isMade = unsafe index.load(fromByteOffset: 12, as: UInt8.self) != 0
        guard isMade else { return nil }
        // 65,536 does not fit and is written as 1.
        let pageSize = unsafe Int(index.load(fromByteOffset: 14, as: UInt16.self))
        frames = unsafe Int(index.load(fromByteOffset: 16, as: UInt32.self))
        copiedFrames = unsafe Int(index.load(fromByteOffset: 96, as: UInt32.self))
        bytes = frames == 0 ? 0 : 32 + frames * (24 + (pageSize == 1 ? 65_536 : pageSize))
    }
}
