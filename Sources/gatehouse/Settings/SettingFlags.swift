internal import ArgumentParser
internal import Configuration

/// The settings that can be given on the command line of `gatehouse serve`.
struct SettingFlags: ParsableArguments {
    @Option(help: "The number of worker processes (pool.workers).")
    var workers: Int?

    @Option(help: "The number of handler threads of each worker (pool.threads).")
    var threads: Int?

    /// For the reader of the configuration.
    var settings: [ConfigurationFlag] {
        [(SettingKeys.workers.name, workers, "--workers"), (SettingKeys.threads.name, threads, "--threads")]
            .compactMap { name, value, flag in
                value.map { ConfigurationFlag(name: name, value: "\($0)", spelling: flag) }
            }
    }

    /// As arguments, for another process that reads the same configuration.
    var arguments: [String] { settings.flatMap { [$0.spelling, $0.value] } }
}
