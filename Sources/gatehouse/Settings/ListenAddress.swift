/// Where the pool listens, as it is written in the configuration.
enum ListenAddress: Equatable {
    /// `unix:PATH`.
    case unix(path: String)
    /// `ADDRESS:PORT`, an IPv6 address in brackets.
    case tcp(host: String, port: UInt16)

    /// Reads the text, or gives nil; addresses beyond loopback are refused, because FastCGI has no protection of its own.
    init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst("unix:".count))
            guard !path.isEmpty else { return nil }
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let isIPv4Loopback = parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
        guard isIPv4Loopback || host == "::1" else { return nil }
        self = .tcp(host: host, port: port)
    }
}
