internal import RateLimiting

/// Networks as they are written in the configuration.
struct NamedNetworks: Sendable {
    private let ranges: [AddressRange]

    /// Reads addresses and networks, separated by spaces; nil where a word is none.
    init?(_ list: String) {
        let words = list.split(separator: " ").map(String.init)
        ranges = words.compactMap { AddressRange($0) }
        guard ranges.count == words.count else { return nil }
    }

    var isEmpty: Bool { ranges.isEmpty }

    /// Whether an address, in text, is of one of them.
    func contains(_ address: String) -> Bool { ranges.contains { $0.contains(address) } }
}
