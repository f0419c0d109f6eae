internal import ArgumentParser
internal import Caching
internal import JSON
internal import Storage

/// `gatehouse cache`: what the workers remember.
struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Shows what the workers remember, or makes them forget it.",
        subcommands: [Stats.self, Flush.self]
    )

    struct Stats: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stats",
            abstract: "Shows hits, misses and what is there, by kind, over all workers since the machine started."
        )

        @OptionGroup var instance: InstanceOptions
        @Flag(help: "Prints one JSON object.") var json = false

        func run() throws {
            try Failure.reporting {
                let totals = try SharedState(ofPoolIn: instance.directory).cacheCounters.totals()
                let kinds = CacheKinds.all.map { (name: "\($0.name)", statistics: totals[$0.number]) }
                print(json ? Self.document(kinds) : Self.table(kinds))
            }
        }

        private static func table(_ kinds: [(name: String, statistics: CacheStatistics)]) -> String {
            let head = ["kind"] + CacheStatistics.Count.allCases.map { "\($0)" } + ["values", "bytes"]
            let rows = kinds.map { kind, statistics in
                [kind] + CacheStatistics.Count.allCases.map { "\(statistics[$0])" }
                    + ["\(statistics.values)", "\(statistics.bytes)"]
            }
            let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
            return ([head] + rows).map { row in
                row.indices.map { column in
                    let padding = String(repeating: " ", count: widths[column] - row[column].count)
                    return column == 0 ? row[column] + padding : padding + row[column]
                }.joined(separator: "  ")
            }.joined(separator: "\n")
        }

        private static func document(_ kinds: [(name: String, statistics: CacheStatistics)]) -> String {
            var writer = JSONWriter()
            writer.object { document in
                document.array("kinds") { list in
                    for (name, statistics) in kinds {
                        list.object { kind in
                            kind.member("kind", name)
                            for count in CacheStatistics.Count.allCases {
                                kind.member(escaping: "\(count)", Int(clamping: statistics[count]))
                            }
                            kind.member("values", statistics.values)
                            kind.member("bytes", statistics.bytes)
                        }
                    }
                }
            }
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }

    struct Flush: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "flush",
            abstract: "Makes all workers load everything anew; what they hold goes as it is replaced."
        )

        @OptionGroup var instance: InstanceOptions

        func run() throws {
            try Failure.reporting {
                try SharedState(ofPoolIn: instance.directory).generations.invalidateEverything()
                print("everything is loaded anew from now on")
            }
        }
    }
}
