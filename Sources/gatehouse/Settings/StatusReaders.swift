internal import RateLimiting

/// Who may see what is for operators, as it is written in the configuration.
struct StatusReaders: Sendable {
    /// What nginx tells instead of an address of clients on a unix socket.
    private static let unixClient = "unix:"

    static let nobody = StatusReaders(ranges: [], includesUnix: false)

    private let ranges: [AddressRange]
    private let includesUnix: Bool

    private init(ranges: [AddressRange], includesUnix: Bool) {
        self.ranges = ranges
        self.includesUnix = includesUnix
    }

    /// Reads addresses and networks, separated by spaces; nil where a word is none.
    init?(_ list: String) {
        let words = list.split(separator: " ").map(String.init)
        let addresses = words.filter { $0 != "unix" }
        let ranges = addresses.compactMap { AddressRange($0) }
        guard ranges.count == addresses.count else { return nil }
        self.init(ranges: ranges, includesUnix: addresses.count < words.count)
    }

    /// Whether a client may see it, by the address that nginx tells.
    func contains(_ address: String) -> Bool {
        address == Self.unixClient ? includesUnix : ranges.contains { $0.contains(address) }
    }
}
