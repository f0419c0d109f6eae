import RateLimiting
import Testing

/// Addresses that have their first bits in common.
struct AddressRangeTests {
    @Test(
        arguments: [
            (
                "10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"],
                ["11.0.0.0", "9.255.255.255", "::10.1.2.3"]
            ),
            ("192.0.2.7", ["192.0.2.7"], ["192.0.2.6", "192.0.2.8", "192.0.2", "::1"]),
            ("192.0.2.7/25", ["192.0.2.0", "192.0.2.127"], ["192.0.2.128"]),
            ("0.0.0.0/0", ["1.2.3.4", "255.255.255.255"], ["::1", "2001:db8::"]),
            ("::1", ["::1", "0:0:0:0:0:0:0:1"], ["::2", "127.0.0.1"]),
            ("2001:db8::/33", ["2001:db8::1", "2001:db8:7fff::"], ["2001:db8:8000::"]),
            ("2001:db8:0:1::/64", ["2001:db8:0:1:ffff::"], ["2001:db8:0:2::"]),
            ("2001:db8::ff00/120", ["2001:db8::ffff"], ["2001:db8::fe00"]),
            ("::/0", ["::1", "1.2.3.4"], ["unix:", ""]),
        ] as [(String, [String], [String])]
    )
    func `an address is one of them by its first bits`(text: String, inside: [String], outside: [String]) throws {
        let range = try #require(AddressRange(text))
        for address in inside { #expect(range.contains(address), "\(address)") }
        for address in outside { #expect(!range.contains(address), "\(address)") }
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "::/129", "a", "10.0.0/8", "1.2.3.4/8/8",
    ])
    func `anything else is none`(text: String) {
        #expect(AddressRange(text) == nil)
    }
}
