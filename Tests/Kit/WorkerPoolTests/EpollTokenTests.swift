import Testing

@testable import WorkerPool

struct EpollTokenTests {
    private static func waiting(_ number: Int32, _ serial: UInt32) -> WaitingConnection {
        WaitingConnection(number: number, serial: serial)
    }

    @Test(
        arguments: [
            .listener, .stop, .silent(Self.waiting(0, 1)), .silent(Self.waiting(7, 0)),
            .silent(Self.waiting(.max, WaitingConnection.largestSerial)), .parked(0), .parked(7), .parked(.max),
            .overdue(Self.waiting(7, 3)),
        ] as [EpollToken]
    )
    func `a token comes back as it was`(token: EpollToken) {
        #expect(EpollToken(rawValue: token.rawValue) == token)
    }

    @Test func `no two tokens are alike`() {
        let tokens: [EpollToken] = [
            .listener, .stop, .silent(Self.waiting(0, 0)), .silent(Self.waiting(1, 0)),
            .silent(Self.waiting(0, 1)), .parked(0), .parked(1), .overdue(Self.waiting(0, 0)),
        ]
        #expect(Set(tokens.map(\.rawValue)).count == tokens.count)
    }

    @Test(arguments: [0, 6, 6 << 60, .max] as [UInt64])
    func `other values are no token`(value: UInt64) {
        #expect(EpollToken(rawValue: value) == nil)
    }
}
