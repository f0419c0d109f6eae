import Linux
import Testing

extension EndToEndTests {
    /// Workers that are replaced because they have served for long.
    @Suite struct RecyclingTests {
        @Test func `workers that are replaced every fifty requests lose none and repeat none`() throws {
            var options = Instance.Options()
            options.settings = ["GATEHOUSE_POOL_WORKER_REQUESTS=50"]
            try Instance.run(options) { instance in
                let admin = try instance.signIn()
                let load = try Load.creatingUsers(on: instance, as: admin)
                try eventually("each worker has been replaced twice, and more", within: 300) {
                    try recycled(instance) >= 5
                }
                try expectNothingLost(try load.stop(), instance, admin)
                try eventually("the worn workers end", within: 120) {
                    try instance.workers().count == instance.options.workers
                }
                #expect(try instance.workers().allSatisfy { $0.generation == 1 })
                #expect(try instance.attempt(["status"]).end == .exited(0))
            }
        }

        private func recycled(_ instance: Instance) throws -> Int {
            let log = String(decoding: try Files.read(instance.eventLog), as: UTF8.self)
            return log.split(separator: "\n").count { $0.contains("worker is replaced") }
        }
    }
}
