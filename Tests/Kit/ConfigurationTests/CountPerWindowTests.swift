import Configuration
import Testing

struct CountPerWindowTests {
    @Test(arguments: [("600/1m", 600, 60), ("1/1s", 1, 1), ("0/1h", 0, 3600), ("65535/1d", 65_535, 86_400)])
    func `a count, a slash and a window are read`(text: String, count: Int, seconds: Int64) {
        let read = CountPerWindow(text)
        #expect(read?.count == count)
        #expect(read?.window == seconds * 1_000_000_000)
    }

    @Test(arguments: ["", "600", "600/", "/1m", "600/60", "600 / 1m", "-1/1m", "+1/1m", "1.5/1m", "600/1m/1h", "6/1w"])
    func `anything else is refused`(text: String) {
        #expect(CountPerWindow(text) == nil)
    }

    // MARK: - As a key

    private static let requests = ConfigurationKey.countPerWindow(
        "limits.requests",
        counts: 1...1000,
        windows: .seconds(1)...(.seconds(3600)),
        default: "600/1m",
        reason: "Ten a second."
    )
    private static let table = ConfigurationTable(prefix: "APP", [requests])

    private func read(_ yaml: String) throws(ConfigurationMistakes) -> ConfigurationValues {
        try Self.table.read(
            yaml: Array(yaml.utf8),
            file: "app.yaml",
            environment: [:],
            base: "/",
            secretFile: { _ in [] }
        )
    }

    @Test func `a key has what is written, or its default`() throws {
        #expect(try read("limits:\n  requests: 5/10s\n")[Self.requests] == CountPerWindow("5/10s"))
        #expect(try read("")[Self.requests] == CountPerWindow("600/1m"))
    }

    @Test(arguments: ["0/1m", "1001/1m", "5/1ms", "5/2h", "often"])
    func `a key refuses what is out of its bounds, and says what they are`(text: String) {
        let mistakes = #expect(throws: ConfigurationMistakes.self) { _ = try read("limits:\n  requests: \(text)\n") }
        let told = mistakes.map { "\($0)" } ?? ""
        #expect(
            told.contains("limits.requests must be a count from 1 to 1000 and a window from 1s to 1h, such as 600/1m")
        )
    }
}
