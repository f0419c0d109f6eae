public import Linux

/// Who may connect to the pool.
///
/// The permissions of a unix socket say the same by default: the user that the pool runs as, the group that the socket
/// was given to, and root. This rule holds as well where they do not: a socket that was inherited, a folder or a mode
/// that somebody changed, and TCP, which has no permissions at all.
public struct AllowedPeers: Sendable, Equatable {
    /// Users by their numbers.
    public private(set) var users: Set<UInt32>
    /// Groups by their numbers; a peer's further groups count too.
    public private(set) var groups: Set<UInt32>
    /// Addresses beside those of the loopback interface, in their plain text form (``Peer/plainAddress(_:)``).
    public private(set) var addresses: Set<String> = []

    /// A word of a list that names nobody.
    public struct Unknown: Error, Equatable, CustomStringConvertible {
        /// The word.
        public let word: String

        /// In words, to follow the name of a setting.
        public var description: String {
            "must list users, @groups and addresses that this system knows, which \"\(word)\" is not"
        }
    }

    /// The pool's own user and root, the socket's group or else the pool's own, and loopback.
    ///
    /// - Parameter socketGroup: the name of the group that the socket is given to, if it is.
    /// - Throws: ``Unknown`` where this system has no such group.
    public init(socketGroup: String? = nil) throws(Unknown) {
        users = [0, ThisProcess.user]
        groups = [ThisProcess.group]
        if let socketGroup { groups = [try Self.group(socketGroup)] }
    }

    /// Adds those of a list, separated by spaces: names or numbers of users, the same of groups behind an "@", addresses.
    ///
    /// - Throws: ``Unknown`` for the first word that names nobody; those before it have been added.
    public mutating func add(_ list: String) throws(Unknown) {
        for word in list.split(separator: " ").map(String.init) {
            if word.hasPrefix("@") {
                groups.insert(try Self.group(String(word.dropFirst())))
            } else if let address = Peer.plainAddress(word) {
                addresses.insert(address)
            } else if let user = UInt32(word) ?? SystemUsers.id(ofUser: word) {
                users.insert(user)
            } else {
                throw Unknown(word: word)
            }
        }
    }

    /// Whether a peer may connect.
    public func allows(_ peer: Peer) -> Bool {
        switch peer {
        case .process(let user, let groups): users.contains(user) || groups.contains(where: self.groups.contains)
        case .address(let address): address.hasPrefix("127.") || address == "::1" || addresses.contains(address)
        }
    }

    private static func group(_ name: String) throws(Unknown) -> UInt32 {
        guard let group = UInt32(name) ?? SystemUsers.id(ofGroup: name) else { throw Unknown(word: "@\(name)") }
        return group
    }
}
