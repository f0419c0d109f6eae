import Domain
import TestSupport
import Testing

struct TimestampTests {
    @Test func `seconds are added and taken away`() {
        #expect(Timestamp(microseconds: 5).adding(seconds: 2) == Timestamp(microseconds: 2_000_005))
        #expect(Timestamp(microseconds: 5).adding(seconds: -1) == Timestamp(microseconds: -999_995))
    }

    @Test func `an earlier instant is less`() {
        #expect(Timestamp(microseconds: -1) < Timestamp(microseconds: 0))
        #expect(Timestamp.t0 < Timestamp.t0.adding(seconds: 1))
    }

    @Test(arguments: [(0, 0), (1, 0), (86_399_999_999, 0), (86_400_000_000, 86_400_000_000), (-1, -86_400_000_000)])
    func `a day begins at midnight in UTC, before the epoch too`(microseconds: Int64, start: Int64) {
        #expect(Timestamp(microseconds: microseconds).startOfDay == Timestamp(microseconds: start))
    }
}
