import Domain
import TestSupport
import Testing

struct SessionTests {
    private let policy = SessionPolicy(idleSeconds: 1000, totalSeconds: 3000, touchSeconds: 300)

    private var session: Session {
        Session(id: .fixture(1), of: .fixture(1), at: .t0, from: .fixture, under: policy)
    }

    @Test func `a session begins with both of its ends`() {
        #expect(session.createdAt == .t0)
        #expect(session.lastSeenAt == .t0)
        #expect(session.expiresAt == .t0.adding(seconds: 1000))
        #expect(session.endsAt == .t0.adding(seconds: 3000))
    }

    @Test func `without other words a session lasts 14 days unused and 90 days in all`() {
        let session = Session.fixture()
        #expect(session.expiresAt == .t0.adding(seconds: 1_209_600))
        #expect(session.endsAt == .t0.adding(seconds: 7_776_000))
        #expect(SessionPolicy().touchSeconds == 300)
    }

    @Test func `a session never outlives its absolute end`() {
        let short = SessionPolicy(idleSeconds: 1000, totalSeconds: 500, touchSeconds: 300)
        let session = Session(id: .fixture(1), of: .fixture(1), at: .t0, from: .fixture, under: short)
        #expect(session.expiresAt == .t0.adding(seconds: 500))
        let touched = self.session.touched(at: .t0.adding(seconds: 2500), under: policy)
        #expect(touched?.expiresAt == .t0.adding(seconds: 3000))
    }

    @Test func `a session is over from the very instant of its end`() {
        #expect(!session.isOver(at: Timestamp(microseconds: session.expiresAt.microseconds - 1)))
        #expect(session.isOver(at: session.expiresAt))
        var prolonged = session
        prolonged.expiresAt = session.endsAt.adding(seconds: 1)
        #expect(prolonged.isOver(at: session.endsAt))
    }

    @Test func `use is noted once in the span of the policy`() {
        #expect(session.touched(at: .t0, under: policy) == nil)
        let almost = Timestamp(microseconds: Timestamp.t0.microseconds + 299_999_999)
        #expect(session.touched(at: almost, under: policy) == nil)
        let touched = session.touched(at: .t0.adding(seconds: 300), under: policy)
        #expect(touched?.lastSeenAt == .t0.adding(seconds: 300))
        #expect(touched?.expiresAt == .t0.adding(seconds: 1300))
        #expect(touched?.createdAt == .t0)
    }

    @Test func `a clock that has stepped back notes nothing`() {
        #expect(session.touched(at: .t0.adding(seconds: -10_000), under: policy) == nil)
    }

    @Test func `an origin keeps what can be stored`() {
        let origin = SessionOrigin(address: "192.0.2.7", userAgent: "Browser/1.0 (\u{1F9ED})")
        #expect(origin.address == "192.0.2.7")
        #expect(origin.userAgent == "Browser/1.0 (\u{1F9ED})")
        let cut = SessionOrigin(
            address: String(repeating: "1", count: 100),
            userAgent: "a\0b" + String(repeating: "\u{1F9ED}", count: 1000)
        )
        #expect(cut.address == String(repeating: "1", count: 64))
        #expect(cut.userAgent == "ab" + String(repeating: "\u{1F9ED}", count: 510))
        #expect(SessionOrigin(address: cut.address, userAgent: cut.userAgent) == cut)
    }
}
