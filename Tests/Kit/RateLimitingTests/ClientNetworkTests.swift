import RateLimiting
import Testing

struct ClientNetworkTests {
    @Test(
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("::FFFF:c000:207", "192.0.2.7"),
            ("0:0:0:0:0:ffff:192.0.2.7", "192.0.2.7"), ("255.255.255.255", "255.255.255.255"),
            ("2001:db8::1", "2001:db8::/64"), ("2001:db8:0:0:ffff:ffff:ffff:ffff", "2001:db8::/64"),
            ("2001:db8:0:1::1", "2001:db8:0:1::/64"), ("::1", "::/64"), ("::", "::/64"),
            ("fe80::1:2:3:4", "fe80::/64"), ("1:2:3:4:5:6:7::", "1:2:3:4::/64"),
        ]
    )
    func `an address is counted as its network`(text: String, network: String) {
        #expect(ClientNetwork(text)?.description == network)
    }

    @Test(
        arguments: [
            "", "unix:", "192.0.2", "192.0.2.7.1", "192.0.2.256", "192.0.2.", ".1.2.3", "1.2.3.0004", "1::2::3", ":::",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::", "+1::", "::1%eth0",
            "192.0.2.7, 198.51.100.1", "::192.0.2.7:1", " 192.0.2.7", "\u{661}.0.0.1",
        ]
    )
    func `what is no address is none`(text: String) {
        #expect(ClientNetwork(text) == nil)
    }
}
