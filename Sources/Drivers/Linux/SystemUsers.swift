internal import CLinux
internal import Glibc

/// The users and groups that the system knows by name.
///
/// libc answers from storage of its own, so that two threads must not ask at once: for the start of a process.
public enum SystemUsers {
    /// The number of a user; nil where the system knows none of this name.
    public static func id(ofUser name: String) -> UInt32? {
        // The entry stands in getpwnam's own storage; its id is read before anything else runs.
        unsafe getpwnam(name).map { unsafe $0.pointee.pw_uid }
    }

    /// The number of a group; nil where the system knows none of this name.
    public static func id(ofGroup name: String) -> UInt32? {
        // The entry stands in getgrnam's own storage; its id is read before anything else runs.
        unsafe getgrnam(name).map { unsafe $0.pointee.gr_gid }
    }
}
