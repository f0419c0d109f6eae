import Console
import Testing

struct TableTests {
    @Test func `columns stand under one another, whatever the script`() {
        var table = Table(["NAME", "ROLE"], columns: nil)
        let lines = table.lines([["Ada", "admin"], ["\u{5C71}\u{7530}\u{592A}", "member"]])
        #expect(lines == ["NAME    ROLE", "Ada     admin", "\u{5C71}\u{7530}\u{592A}  member"])
    }

    @Test func `later parts follow without a head`() {
        var table = Table(["ID", "NAME"], columns: nil)
        _ = table.lines([["1", "Ada"]])
        #expect(table.lines([["2", "Alan"], ["123", "Ken"]]) == ["2   Alan", "123  Ken"])
        #expect(table.lines([]) == [])
    }

    @Test func `no row is wider than the terminal`() {
        var table = Table(["ID", "NAME"], columns: 10)
        let lines = table.lines([["1", "A name that is long"]])
        #expect(lines == ["ID  NAME", "1   A nam\u{2026}"])
    }

    @Test func `a name cannot drive the terminal`() {
        var table = Table(["NAME", "ROLE"], columns: nil)
        #expect(table.lines([["\u{1B}[2J\n", "member"]]).last == "\\u{1B}[2J\\u{A}  member")
    }
}
