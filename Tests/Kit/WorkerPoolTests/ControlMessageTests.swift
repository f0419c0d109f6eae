import Linux
import Testing

@testable import WorkerPool

struct ControlMessageTests {
    @Test(
        arguments: [
            .ready, .alive, .heirless, .take, .accept, .retire, .inherit, .drain, .quit, .reopenLogs, .logsReopened,
            .logsNotReopened("no such directory"), .logsNotReopened(""), .failed("no table users"), .failed(""),
            .failed("ready"), .failed("two\nlines \u{E4}"), .faults(0), .faults(1 << 40), .worn("100 requests"),
            .worn("faults 1"),
        ] as [ControlMessage]
    )
    func `a message survives its way`(message: ControlMessage) throws {
        let pair = try Sockets.pair(kind: .packets)
        try pair.first.writeAll(message.bytes)
        #expect(ControlMessage(bytes: try pair.second.read(upTo: ControlMessage.sizeLimit)) == message)
    }

    @Test(arguments: ["", "read", "ready ", "failed", "READY", "drain\n", "faults", "faults x", "worn", "\u{0}"])
    func `anything else is no message`(text: String) {
        #expect(ControlMessage(bytes: Array(text.utf8)) == nil)
    }

    @Test func `a long reason is cut to a packet's size`() throws {
        let message = ControlMessage.failed(String(repeating: "x", count: 10_000))
        #expect(message.bytes.count == ControlMessage.sizeLimit)
        #expect(ControlMessage(bytes: message.bytes) == .failed(String(repeating: "x", count: 4096 - 7)))
    }
}
