internal import ArgumentParser
internal import Linux

/// Leave to do what cannot be undone.
struct Confirmation: ParsableArguments {
    @Flag(help: "Asks nothing; needed where nobody sits at a terminal.")
    var yes = false

    /// Returns where it may be done.
    ///
    /// - Throws: ``Failure`` where the person at the terminal says no, or where there is none and no `--yes`.
    func require(_ question: String) throws {
        if yes { return }
        guard Terminal.isTerminal(.input), Terminal.isTerminal(.errors) else {
            throw Failure(.usage, "\(question) Without a terminal to ask at, this needs --yes.")
        }
        StandardError.write(Array("\(question) [y/N] ".utf8))
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw Failure("nothing was changed")
        }
    }
}
