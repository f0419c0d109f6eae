import Domain
import Services
import TestSupport
import Testing

/// The files in `Exchanges`: what is answered to what, in full.
///
/// `RECORD=1` in the environment writes the answers anew; read the difference before you believe it.
struct ExchangeTests {
    /// A fault of the store.
    private struct BrokenStore: Error {}

    @Test(arguments: try ExchangeFile.names())
    func `the answers are as recorded`(name: String) throws {
        let file = try ExchangeFile(named: name)
        let site = try Site()
        var steps: [ExchangeFile.Step] = []
        var isTriedAgain = false
        for step in file.steps {
            switch step {
            case .move(let words):
                try move(words, at: site)
                isTriedAgain = words.joined(separator: " ") == "the web server tries again"
                steps.append(step)
            case .exchange(let request, let recorded):
                let answer = try site.send(ClientRequest(text: request), isTriedAgain: isTriedAgain).exchangeText
                isTriedAgain = false
                if !ExchangeFile.isRecording { #expect(answer == recorded, "to \(request)") }
                steps.append(.exchange(request: request, answer: answer))
            }
        }
        if ExchangeFile.isRecording { try ExchangeFile.write(file.title, steps, to: name) }
    }

    @Test(
        .disabled(if: ExchangeFile.isRecording),
        arguments: [
            "VALIDATION_ERROR", "MALFORMED_JSON", "MALFORMED_REQUEST", "UNKNOWN_PARAMETER", "UNAUTHENTICATED",
            "INVALID_CREDENTIALS", "SESSION_EXPIRED", "FORBIDDEN", "ACCOUNT_DISABLED", "NOT_FOUND",
            "METHOD_NOT_ALLOWED", "NOT_ACCEPTABLE", "CONFLICT", "PRECONDITION_FAILED", "PAYLOAD_TOO_LARGE",
            "UNSUPPORTED_MEDIA_TYPE", "INTERNAL", "UNAVAILABLE", "IDEMPOTENCY_KEY_INVALID", "IDEMPOTENCY_KEY_REUSED",
            "REQUEST_IN_PROGRESS",
        ]
    )
    func `every code is shown in some file`(code: String) throws {
        let answers = try ExchangeFile.names().flatMap { name in
            try ExchangeFile(named: name).steps.map { step in
                if case .exchange(_, let answer) = step { answer } else { "" }
            }
        }
        #expect(answers.contains { $0.contains("\"code\": \"\(code)\"") })
    }

    private func move(_ words: [String], at site: Site) throws {
        switch words.joined(separator: " ") {
        case "registration is open": site.registrationIsOpen = true
        case "the next change is refused as outdated":
            site.unitOfWork.failureOfNextChange = DomainError.preconditionFailed
        case "the next change finds the store busy":
            site.unitOfWork.failureOfNextChange = DomainError.unavailable("the writer did not come free")
        case "the next change breaks": site.unitOfWork.failureOfNextChange = BrokenStore()
        case "the next hash finds the hasher busy":
            site.hasher.failures[.hash] = DomainError.unavailable("too many wait")
        case "the next comparison finds the hasher busy":
            site.hasher.failures[.verify] = DomainError.unavailable("too many wait")
        case "the web server tries again": break
        case "somebody holds the key": site.leases.areHeld = true
        case "nobody holds the key": site.leases.areHeld = false
        case "the database is gone": site.probes.database = false
        case "the database is back": site.probes.database = true
        case "the cache is gone": site.probes.cache = false
        case "the disk is nearly full": site.probes.room = .low
        case "the disk is full": site.probes.room = .insufficient
        case "the service drains": site.probes.inTheWay = .draining
        case "the service is stuck": site.probes.stuck = true
        default: try moveByNumber(words, at: site)
        }
    }

    private func moveByNumber(_ words: [String], at site: Site) throws {
        let number = try #require(words.count == 3 ? Int(words[1]) : nil, "not understood: \(words)")
        switch (words[0], words[2]) {
        case ("after", "seconds"): site.clock.advance(seconds: Int64(number))
        case ("bodies:", "bytes"): site.bodyLimit = number
        default: Issue.record("not understood: \(words)")
        }
    }
}
