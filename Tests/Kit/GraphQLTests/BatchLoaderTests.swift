import GraphQL
import Testing

struct BatchLoaderTests {
    @Test func `each key is loaded once, in one go with all others that are not known`() {
        let loader = BatchLoader<Int, String>()
        var asked: [[Int]] = []
        func load(_ keys: [Int]) -> [Int: String] {
            asked.append(keys)
            return Dictionary(uniqueKeysWithValues: keys.filter { $0 < 10 }.map { ($0, "\($0)") })
        }
        #expect(loader.values([1, 2, 1, 99], load: load) == ["1", "2", "1", nil])
        #expect(loader.values([2, 99, 1], load: load) == ["2", nil, "1"])
        #expect(loader.values([2, 3], load: load) == ["2", "3"])
        #expect(asked == [[1, 2, 99], [3]])
        loader.removeAll()
        #expect(loader.values([2], load: load) == ["2"])
        #expect(asked.last == [2])
    }

    @Test func `what fails to load is not known`() {
        struct Busy: Error {}
        let loader = BatchLoader<Int, Int>()
        #expect(throws: Busy.self) { try loader.values([1]) { _ in throw Busy() } }
        #expect(loader.values([1]) { _ in [1: 2] } == [2])
    }
}
