import Testing

@testable import WorkerPool

struct EpollTokenTests {
    @Test(
        arguments: [
            .listener, .stop, .silent(0), .silent(7), .silent(.max), .parked(0), .parked(7), .parked(.max),
        ] as [EpollToken]
    )
    func `a token comes back as it was`(token: EpollToken) {
        #expect(EpollToken(rawValue: token.rawValue) == token)
    }

    @Test func `no two tokens are alike`() {
        let tokens: [EpollToken] = [.listener, .stop, .silent(0), .silent(1), .parked(0), .parked(1)]
        #expect(Set(tokens.map(\.rawValue)).count == tokens.count)
    }

    @Test(arguments: [0, 5, 5 << 32, .max] as [UInt64])
    func `other values are no token`(value: UInt64) {
        #expect(EpollToken(rawValue: value) == nil)
    }
}
