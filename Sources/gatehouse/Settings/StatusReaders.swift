/// Who may see what is for operators, as it is written in the configuration.
struct StatusReaders: Sendable {
    /// What nginx tells instead of an address of clients on a unix socket.
    private static let unixClient = "unix:"

    static let nobody = StatusReaders(networks: nil, includesUnix: false)

    private let networks: NamedNetworks?
    private let includesUnix: Bool

    private init(networks: NamedNetworks?, includesUnix: Bool) {
        self.networks = networks
        self.includesUnix = includesUnix
    }

    /// Reads addresses and networks, separated by spaces; nil where a word is none.
    init?(_ list: String) {
        let words = list.split(separator: " ")
        let addresses = words.filter { $0 != "unix" }
        guard let networks = NamedNetworks(addresses.joined(separator: " ")) else { return nil }
        self.init(networks: networks, includesUnix: addresses.count < words.count)
    }

    /// Whether a client may see it, by the address that nginx tells.
    func contains(_ address: String) -> Bool {
        address == Self.unixClient ? includesUnix : networks?.contains(address) == true
    }
}
