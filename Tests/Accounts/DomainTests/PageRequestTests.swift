import Domain
import Testing

struct PageRequestTests {
    @Test func `the first page of 20 is asked for by default`() throws {
        #expect(PageRequest.first == (try PageRequest(number: 1)))
        #expect(PageRequest.first.size == 20)
        #expect(PageRequest.first.offset == 0)
    }

    @Test func `a page skips the rows of those before it`() throws {
        #expect(try PageRequest(number: 3, size: 7).offset == 14)
    }

    @Test(arguments: [Int.min, -1, 0, 101, .max])
    func `a page has 1 to 100 rows`(size: Int) {
        #expect(throws: InvalidValue.pageSize) { try PageRequest(number: 1, size: size) }
    }

    @Test(arguments: [Int.min, -1, 0])
    func `pages are counted from 1`(number: Int) {
        #expect(throws: InvalidValue.pageNumber) { try PageRequest(number: number) }
    }

    @Test(arguments: [(101, 100), (501, 20), (10_001, 1), (1429, 7)])
    func `no page skips more than 10000 rows`(number: Int, size: Int) throws {
        #expect(try PageRequest(number: number, size: size).offset <= 10_000)
        #expect(throws: InvalidValue.pageTooDeep) { try PageRequest(number: number + 1, size: size) }
        #expect(throws: InvalidValue.pageTooDeep) { try PageRequest(number: .max, size: size) }
    }
}
