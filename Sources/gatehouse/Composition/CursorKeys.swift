internal import Pagination
internal import Security

/// The instance's keys, as the cursors of lists are signed with them.
struct CursorKeys: CursorSigning {
    let keys: InstanceKeys

    func sign(_ bytes: [UInt8]) -> [UInt8] { keys.sign(bytes, for: .cursor) }

    func verify(_ bytes: [UInt8], tag: [UInt8]) -> Bool { keys.verify(tag, of: bytes, for: .cursor) }
}
