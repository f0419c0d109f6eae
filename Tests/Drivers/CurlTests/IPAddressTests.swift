import Curl
import Testing

struct IPAddressTests {
    @Test(
        arguments: [
            [0, 0, 0, 0], [10, 0, 0, 1], [100, 64, 0, 1], [100, 127, 255, 255], [127, 0, 0, 1], [169, 254, 169, 254],
            [172, 16, 0, 1], [172, 31, 255, 255], [192, 0, 0, 8], [192, 0, 2, 1], [192, 88, 99, 1], [192, 168, 1, 1],
            [198, 18, 0, 1], [198, 19, 255, 255], [198, 51, 100, 7], [203, 0, 113, 7], [224, 0, 0, 1], [239, 1, 2, 3],
            [240, 0, 0, 1], [255, 255, 255, 255],
        ] as [[UInt8]]
    )
    func `an IPv4 address for special purposes is not public`(bytes: [UInt8]) throws {
        #expect(try #require(IPAddress(bytes)).isPublic == false)
    }

    @Test(
        arguments: [
            [1, 1, 1, 1], [9, 255, 255, 255], [11, 0, 0, 0], [100, 63, 255, 255], [100, 128, 0, 0], [126, 0, 0, 1],
            [169, 253, 0, 1], [172, 15, 0, 1], [172, 32, 0, 1], [192, 167, 0, 1], [198, 17, 0, 1], [198, 20, 0, 1],
            [223, 255, 255, 255],
        ] as [[UInt8]]
    )
    func `an IPv4 address beside them is public`(bytes: [UInt8]) throws {
        #expect(try #require(IPAddress(bytes)).isPublic)
    }

    @Test(
        arguments: [
            ("unspecified", [0]), ("documentation", [0x20, 0x01, 0x0D, 0xB8]), ("Teredo", [0x20, 0x01, 0, 0]),
            ("6to4", [0x20, 0x02, 0x0A, 0, 0, 1]), ("of one site", [0xFD, 0x12]), ("of one link", [0xFE, 0x80]),
            ("multicast", [0xFF, 0x02]),
            ("mapped, private", Array(repeating: 0, count: 10) + [0xFF, 0xFF, 10, 0, 0, 1]),
            ("mapped, public", Array(repeating: 0, count: 10) + [0xFF, 0xFF, 1, 1, 1, 1]),
            ("translated", [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0, 127, 0, 0, 1]),
            ("loopback", Array(repeating: 0, count: 15) + [1]), ("documentation", [0x3F, 0xFF, 0x01]),
        ] as [(String, [UInt8])]
    )
    func `an IPv6 address for special purposes is not public`(kind: String, start: [UInt8]) throws {
        let address = try #require(IPAddress(start + Array(repeating: 0, count: 16 - start.count)))
        #expect(!address.isPublic, "\(kind): \(address)")
    }

    @Test(arguments: [[0x20, 0x01, 0x02], [0x20, 0x01, 0x48, 0x60], [0x26, 0x06, 0x47], [0x2A, 0x01]] as [[UInt8]])
    func `an IPv6 address that is given out is public`(start: [UInt8]) throws {
        #expect(try #require(IPAddress(start + Array(repeating: 7, count: 16 - start.count))).isPublic)
    }

    @Test func `an address has four or sixteen bytes, and is shown as people write it`() {
        #expect(IPAddress([1, 2, 3]) == nil)
        #expect(IPAddress("192.0.2.7") == IPAddress([192, 0, 2, 7]))
        #expect(IPAddress("::1") == IPAddress(Array(repeating: 0, count: 15) + [1]))
        for text in ["", "192.0.2", "192.0.2.07", "0x7f.1", "localhost", "[::1]", "::1%lo"] {
            #expect(IPAddress(text) == nil, "\(text)")
        }
        #expect(IPAddress([192, 0, 2, 7])?.description == "192.0.2.7")
        let loopback = IPAddress(Array(repeating: 0, count: 15) + [1])
        #expect(loopback?.description == "0:0:0:0:0:0:0:1")
    }
}
