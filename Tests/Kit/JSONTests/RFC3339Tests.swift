import JSON
import RandomTestSupport
import Testing

struct RFC3339Tests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (1_795_259_533_123_456, "2026-11-21T11:12:13.123456Z"),
            (951_868_799_999_999, "2000-02-29T23:59:59.999999Z"),
            (-2_203_934_400_000_000, "1900-02-28T12:00:00.000000Z"),
            (-11_670_998_400_000_000, "1600-02-29T00:00:00.000000Z"),
            (-12_187_742_093_999_993, "1583-10-15T04:05:06.000007Z"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
            (-62_167_219_200_000_000, "0000-01-01T00:00:00.000000Z"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"),
            (2_147_483_648_000_000, "2038-01-19T03:14:08.000000Z"),
        ] as [(Int64, String)]
    )
    func `a time has one text and reads back from it`(microseconds: Int64, text: String) {
        #expect(RFC3339.string(microseconds: microseconds) == text)
        #expect(RFC3339.microseconds(text) == microseconds)
    }

    @Test(
        arguments: [
            ("2026-11-21T12:12:13.5+01:00", 1_795_259_533_500_000),
            ("2026-11-21t11:12:13z", 1_795_259_533_000_000),
            ("2026-11-21T11:12:13-00:00", 1_795_259_533_000_000),
            ("2026-11-21T11:12:13.123456999Z", 1_795_259_533_123_456),
            ("2026-11-21T11:12:13.000001Z", 1_795_259_533_000_001),
            ("2026-11-20T23:59:13-11:13", 1_795_259_533_000_000),
            ("1969-12-31T23:59:59.9999999Z", -1),
        ] as [(String, Int64)]
    )
    func `offsets, short and long fractions and lower case are read`(text: String, microseconds: Int64) {
        #expect(RFC3339.microseconds(text) == microseconds)
    }

    @Test(
        arguments: [
            ("2016-12-31T23:59:60Z", 1_483_228_799_000_000),
            ("2016-12-31T23:59:60.25Z", 1_483_228_799_250_000),
            ("1990-12-31T15:59:60-08:00", 662_687_999_000_000),
        ] as [(String, Int64)]
    )
    func `a leap second is read as the second before it`(text: String, microseconds: Int64) {
        #expect(RFC3339.microseconds(text) == microseconds)
    }

    @Test(
        arguments: [
            "", "2026", "2026-11-21", "2026-11-21T11:12:13", "2026-11-21 11:12:13Z", "2026-11-21T11:12Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z", "2026-04-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
            "2026-01-01T00:00:61Z", "2026-01-01T00:00:60Z", "2016-12-30T23:59:60Z", "2016-12-31T22:59:60Z",
            "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z", "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00+00:60", "2026-01-01T00:00:00+0000", "2026-01-01T00:00:00+00", "2026-01-01T00:00:00Zx",
            "2026-01-01T00:00:00X", "-026-01-01T00:00:00Z", "+2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5",
            "2026-01-01T00:00:0\u{663}Z", "2026-1-01T00:00:00.00Z", "0000-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
        ]
    )
    func `a malformed text or a time out of range is refused`(text: String) {
        #expect(RFC3339.microseconds(text) == nil)
    }

    @Test func `a time without a text is written as the nearest that has one`() {
        #expect(RFC3339.string(microseconds: .min) == "0000-01-01T00:00:00.000000Z")
        #expect(RFC3339.string(microseconds: .max) == "9999-12-31T23:59:59.999999Z")
        #expect(RFC3339.first == RFC3339.microseconds("0000-01-01T00:00:00Z"))
        #expect(RFC3339.last == RFC3339.microseconds("9999-12-31T23:59:59.999999Z"))
    }

    @Test func `every day of four centuries reads back and follows the day before`() {
        let day: Int64 = 86_400_000_000
        var failures = 0
        var previous = ""
        for index in Int64(0)..<146_097 {
            let time = index * day + 1
            let text = RFC3339.string(microseconds: time)
            if RFC3339.microseconds(text) != time || text <= previous { failures += 1 }
            previous = text
        }
        #expect(failures == 0)
        #expect(previous == "2369-12-31T00:00:00.000001Z")
    }

    @Test func `no bytes trap`() {
        var generator = SeededGenerator(seed: 7)
        let valid = Array("2016-12-31T23:59:60.123456789+12:34".utf8)
        for _ in 0..<20_000 {
            var bytes = Array(valid.prefix(Int.random(in: 0...valid.count, using: &generator)))
            for _ in 0..<Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[index] = UInt8.random(in: 0...255, using: &generator)
            }
            if let time = RFC3339.microseconds(bytes.span) {
                #expect((RFC3339.first...RFC3339.last).contains(time))
            }
        }
    }
}
