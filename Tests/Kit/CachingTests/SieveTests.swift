import RandomTestSupport
import Testing

@testable import Caching

@Suite struct SieveTests {
    @Test func `what was read stays and what was not read goes`() {
        var sieve = Sieve<Int, String>(budget: 3)
        for number in 1...3 { _ = sieve.insert("\(number)", for: number, weight: 1) }
        _ = sieve.find(1)
        #expect(sieve.insert("4", for: 4, weight: 1) == ["2"])
        #expect(sieve.find(1) == "1")
        #expect(sieve.find(2) == nil)
    }

    @Test func `a scan does not push out what is read again and again`() {
        var sieve = Sieve<Int, Int>(budget: 10)
        for key in 0..<5 { _ = sieve.insert(key, for: key, weight: 1) }
        for key in 100..<1100 {
            for wanted in 0..<5 { #expect(sieve.find(wanted) == wanted) }
            _ = sieve.insert(key, for: key, weight: 1)
        }
    }

    @Test func `what is heavier than the budget is not put in and takes out what it would replace`() {
        var sieve = Sieve<Int, String>(budget: 10)
        _ = sieve.insert("small", for: 1, weight: 4)
        _ = sieve.insert("other", for: 2, weight: 4)
        #expect(sieve.insert("large", for: 1, weight: 11) == [])
        #expect(sieve.find(1) == nil)
        #expect(sieve.find(2) == "other")
        #expect(sieve.weight == 4)
    }

    @Test func `one that grows pushes out others and not itself`() {
        var sieve = Sieve<Int, String>(budget: 10)
        _ = sieve.insert("first", for: 1, weight: 5)
        _ = sieve.insert("second", for: 2, weight: 5)
        #expect(sieve.insert("grown", for: 1, weight: 10) == ["second"])
        #expect(sieve.find(1) == "grown")
        #expect(sieve.weight == 10)
    }

    /// The algorithm as the paper's pseudo-code has it, on an array, oldest first.
    private struct NaiveSieve {
        var queue: [(key: Int, weight: Int, isVisited: Bool)] = []
        var hand: Int?
        let budget: Int

        mutating func find(_ key: Int) -> Bool {
            guard let index = queue.firstIndex(where: { $0.key == key }) else { return false }
            queue[index].isVisited = true
            return true
        }

        mutating func insert(_ key: Int, weight: Int) -> [Int] {
            guard weight <= budget else {
                remove(key)
                return []
            }
            if let index = queue.firstIndex(where: { $0.key == key }) {
                queue[index].weight = weight
                queue[index].isVisited = true
                return evict(adding: 0, sparing: key)
            }
            let evicted = evict(adding: weight, sparing: nil)
            queue.append((key, weight, false))
            return evicted
        }

        mutating func remove(_ key: Int) {
            guard let index = queue.firstIndex(where: { $0.key == key }) else { return }
            take(index)
        }

        private mutating func evict(adding weight: Int, sparing spared: Int?) -> [Int] {
            var evicted: [Int] = []
            while queue.reduce(weight, { $0 + $1.weight }) > budget {
                var index = hand.flatMap { hand in queue.firstIndex { $0.key == hand } } ?? 0
                while queue[index].isVisited || queue[index].key == spared {
                    queue[index].isVisited = false
                    index = (index + 1) % queue.count
                }
                hand = index + 1 < queue.count ? queue[index + 1].key : nil
                evicted.append(queue[index].key)
                queue.remove(at: index)
            }
            return evicted
        }

        private mutating func take(_ index: Int) {
            if hand == queue[index].key { hand = index + 1 < queue.count ? queue[index + 1].key : nil }
            queue.remove(at: index)
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `it keeps and gives up what a plain array with a hand does`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let budget = Int.random(in: 1...60, using: &random)
        var sieve = Sieve<Int, Int>(budget: budget)
        var naive = NaiveSieve(budget: budget)
        for _ in 0..<3000 {
            let key = min(Int.random(in: 0..<40, using: &random), Int.random(in: 0..<40, using: &random))
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                sieve.remove(key)
                naive.remove(key)
            case 1...5:
                #expect((sieve.find(key) != nil) == naive.find(key))
            default:
                let weight = Int.random(in: 1...8, using: &random)
                #expect(sieve.insert(key, for: key, weight: weight) == naive.insert(key, weight: weight))
            }
            #expect(sieve.count == naive.queue.count)
            #expect(sieve.weight == naive.queue.reduce(0) { $0 + $1.weight })
            #expect(sieve.weight <= budget)
        }
    }
}
