import Linux
import Testing

@testable import WorkerPool

struct AllowedPeersTests {
    private static let stranger: UInt32 = 4_000_000_000

    @Test func `root, the pool's own user and its group may connect, and nobody else`() throws {
        let peers = try AllowedPeers()
        #expect(peers.allows(.process(user: 0, groups: [Self.stranger])))
        #expect(peers.allows(.process(user: ThisProcess.user, groups: [Self.stranger])))
        #expect(peers.allows(.process(user: Self.stranger, groups: [ThisProcess.group])))
        #expect(!peers.allows(.process(user: Self.stranger, groups: [Self.stranger])))
    }

    @Test func `the group of the socket counts instead of the pool's own, among a peer's further groups too`() throws {
        let peers = try AllowedPeers(socketGroup: "\(Self.stranger)")
        #expect(peers.allows(.process(user: 1, groups: [7, Self.stranger])))
        #expect(!peers.allows(.process(user: 1, groups: [7, ThisProcess.group])))
    }

    @Test func `users, groups and addresses can be added, by name and by number`() throws {
        var peers = try AllowedPeers()
        try peers.add(" nobody  @daemon 77 @78 192.0.2.1 2001:DB8:0::1")
        let nobody = try #require(SystemUsers.id(ofUser: "nobody"))
        let daemon = try #require(SystemUsers.id(ofGroup: "daemon"))
        for user in [nobody, 77] { #expect(peers.allows(.process(user: user, groups: [Self.stranger]))) }
        for group in [daemon, 78] { #expect(peers.allows(.process(user: Self.stranger, groups: [group]))) }
        for address in ["192.0.2.1", "2001:db8::1"] { #expect(peers.allows(.address(address))) }
        #expect(!peers.allows(.address("192.0.2.2")))
    }

    @Test(arguments: ["127.0.0.1", "127.8.9.1", "::1"])
    func `loopback may connect over TCP`(address: String) throws {
        #expect(try AllowedPeers().allows(.address(address)))
    }

    @Test(arguments: ["10.0.0.1", "::2", "fe80::1"])
    func `other addresses may not`(address: String) throws {
        #expect(try !AllowedPeers().allows(.address(address)))
    }

    @Test(arguments: ["no-such-user-here", "@no-such-group-here", "@", "-1", "1.2.3", "4294967296"])
    func `a word that names nobody is refused`(word: String) throws {
        var peers = try AllowedPeers()
        #expect(throws: AllowedPeers.Unknown(word: word)) { try peers.add("root \(word)") }
    }
}

struct RefusedPeersTests {
    @Test func `refusals are told at once, and then now and then with their number`() {
        let refused = RefusedPeers()
        let interval = RefusedPeers.interval
        #expect(refused.report(now: 0) == nil)
        refused.add(.process(user: 7, groups: [8]))
        #expect(refused.report(now: 1) == .init(total: 1, last: .process(user: 7, groups: [8])))
        refused.add(.address("192.0.2.1"))
        refused.add(nil)
        #expect(refused.report(now: interval) == nil)
        #expect(refused.report(now: interval + 1) == .init(total: 3, last: nil))
        #expect(refused.report(now: 3 * interval) == nil)
    }
}
