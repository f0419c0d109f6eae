/// What a worker whose supervisor was killed says of itself to the next one, as a command over its command socket.
///
/// With the command come two descriptors: the supervisor's end of a new control connection, and the listening socket.
struct Orphan: Equatable {
    let generation: Int
    let slot: Int
    let process: Int32
    let shutdownTimeout: Int64

    var command: String { "adopt \(generation) \(slot) \(process) \(shutdownTimeout)" }

    init(generation: Int, slot: Int, process: Int32, shutdownTimeout: Int64) {
        self.generation = generation
        self.slot = slot
        self.process = process
        self.shutdownTimeout = shutdownTimeout
    }

    init?(command: String) {
        let words = command.split(separator: " ")
        guard words.count == 5, words[0] == "adopt", let generation = Int(words[1]), let slot = Int(words[2]),
            let process = Int32(words[3]), process > 1, let shutdownTimeout = Int64(words[4]), shutdownTimeout >= 0
        else { return nil }
        self.init(generation: generation, slot: slot, process: process, shutdownTimeout: shutdownTimeout)
    }
}
