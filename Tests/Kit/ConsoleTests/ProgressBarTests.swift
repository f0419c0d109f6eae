import Testing

@testable import Console

struct ProgressBarTests {
    private final class Screen {
        var text = ""
    }

    private let screen = Screen()

    private func bar(columns: Int?) -> ProgressBar {
        ProgressBar("accounts", total: 200, columns: columns) { [screen] in
            screen.text += String(decoding: $0, as: UTF8.self)
        }
    }

    @Test func `it shows how far it is on one line, and goes when it is done`() {
        var bar = bar(columns: 80)
        bar.show(100)
        #expect(screen.text.hasPrefix("\raccounts [####################....................]  50%  100/200"))
        bar.finish()
        #expect(screen.text.hasSuffix("\r\u{1B}[K"))
        #expect(!screen.text.contains("\n"))
    }

    @Test func `it is not drawn again at once`() {
        var bar = bar(columns: 80)
        bar.show(1)
        let first = screen.text
        bar.show(2)
        #expect(screen.text == first)
    }

    @Test(arguments: [1, 4, 20, 40])
    func `it is narrower than the terminal`(columns: Int) {
        var bar = bar(columns: columns)
        bar.show(200)
        #expect(screen.text.count - "\r\u{1B}[K".count < columns)
    }

    @Test func `without a terminal it shows nothing`() {
        var bar = bar(columns: nil)
        bar.show(100)
        bar.finish()
        #expect(screen.text.isEmpty)
    }
}
