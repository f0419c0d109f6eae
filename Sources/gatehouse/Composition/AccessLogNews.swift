internal import Logging
internal import Observability

/// What becomes of the access log, as an event.
enum AccessLogNews {
    static func tell(_ news: LogWriter.News, _ log: Logger) {
        switch news {
        case .failing(let reason):
            log.error("the access log cannot be written", metadata: ["reason": "\(reason)"])
        case .recovered(let lost):
            log.notice("the access log is written again", metadata: ["lost_lines": "\(lost)"])
        }
    }
}
