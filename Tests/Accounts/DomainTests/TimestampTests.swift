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
}
