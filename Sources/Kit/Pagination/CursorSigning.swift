/// Makes and checks the tags of cursors.
///
/// A tag is made with a secret key and cannot be foretold without it, as HMAC-SHA256 does; this module knows no
/// cryptography of its own.
public protocol CursorSigning {
    /// The tag of some bytes by the newest key; a cursor carries the first ``Cursor/tagLength`` bytes of it.
    func sign(_ bytes: [UInt8]) -> [UInt8]

    /// Whether any key that still counts makes a tag for these bytes that begins with `tag`.
    ///
    /// `tag` has ``Cursor/tagLength`` bytes; the time of the answer does not depend on them.
    func verify(_ bytes: [UInt8], tag: [UInt8]) -> Bool
}
