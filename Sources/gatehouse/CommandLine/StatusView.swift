internal import Console
internal import JSON

/// The state of a pool for people: the document of `/status` as lines of a screen.
struct StatusView {
    private let document: JSONObject

    /// Takes the document; nil where it is none.
    init?(_ bytes: [UInt8]) {
        guard case .object(let document)? = try? JSONReader.read(bytes) else { return nil }
        self.document = document
    }

    /// The lines, none of them wider than so many columns; `rate` is how many requests a second were answered lately.
    func lines(columns: Int, rate: Double?) -> [String] {
        var lines = [headline, load(rate)]
        lines += times
        lines += alerts.map(\.neutralised)
        lines.append("")
        lines += table(
            ["WORKER", "GENERATION", "PID", "PHASE", "UP", "BUSY", "KEPT", "MEMORY"],
            document.objects("workers").map { worker in
                [
                    "\(worker.count("slot"))", "\(worker.count("generation"))", "\(worker.count("pid"))",
                    worker.textOrDash("phase"), Self.span(worker.count("uptime_s")),
                    "\(worker.count("busy"))/\(worker.count("threads"))", "\(worker.count("kept_connections"))",
                    Self.mebibytes(worker.count("memory_bytes")),
                ]
            },
            columns
        )
        lines.append("")
        let requests = document.objects("requests")
        guard !requests.isEmpty else {
            return (lines + ["no request runs at this moment"]).map { $0.cut(toWidth: columns) }
        }
        lines += table(
            ["AGE", "QUEUED", "PID", "PHASE", "REQUEST", "ID"],
            requests.map { request in
                [
                    "\(request.count("age_ms")) ms", request.integer("queued_ms").map { "\($0) ms" } ?? "-",
                    "\(request.count("pid"))", request.textOrDash("phase"), request.textOrDash("route"),
                    request.textOrDash("request_id"),
                ]
            },
            columns
        )
        return lines.map { $0.cut(toWidth: columns) }
    }

    /// How many requests were answered since the machine was started.
    var requestsAnswered: Int64 { document.object("totals")?.count("requests") ?? 0 }

    private var headline: String {
        guard let supervisor = document.object("supervisor") else {
            return "gatehouse \(document.textOrDash("version"))  no supervisor"
        }
        let state =
            supervisor.flag("stopping") ? "stopping" : supervisor.flag("reloading") ? "reloading" : "serving"
        return "gatehouse \(document.textOrDash("version"))  generation \(supervisor.count("generation"))  \(state)  "
            + "up \(Self.span(supervisor.count("uptime_s")))"
    }

    private func load(_ rate: Double?) -> String {
        let queue = document.object("queue").map { "\($0.count("depth")) of \($0.count("limit"))" } ?? "unknown"
        let totals = document.object("totals")
        let speed = rate.map { "\(Int($0.rounded())) requests/s  " } ?? ""
        return "\(speed)running \(document.count("requests_running"))  waiting to be accepted \(queue)  "
            + "answered \(totals?.count("requests") ?? 0)  worker deaths \(totals?.count("worker_deaths") ?? 0)"
    }

    /// How long requests took, lately and since the machine was started: a line for each where there were any.
    private var times: [String] {
        guard let latency = document.object("latency_ms") else { return [] }
        let queue = document.object("queue_ms")
        let spans = [
            ("lately", latency.object("lately").map { "last \($0.count("seconds")) s" } ?? ""),
            ("since_start", "since start"),
        ]
        return spans.compactMap { member, name in
            guard let times = latency.object(member), times.count("requests") > 0 else { return nil }
            var line = "\(name): \(times.count("requests")) requests, served within  \(times.percentiles)"
            if let waits = queue?.object(member), waits.count("requests") > 0 {
                line += "  queued  \(waits.percentiles)"
            }
            return line
        }
    }

    /// How requests fare and how the last reload came out, for who knows the rest.
    var summary: [String] {
        (times + document.texts("conditions").map { "! \($0)" } + [lastReload(withReason: false)].compactMap(\.self))
            .map(\.neutralised)
    }

    private var alerts: [String] {
        var lines = document.texts("conditions").map { "! \($0)" }
        lines += (document.object("supervisor")?.texts("notices") ?? []).map { "! \($0)" }
        return lines + [lastReload()].compactMap(\.self)
    }

    private func lastReload(withReason: Bool = true) -> String? {
        document.object("last_reload").map { reload in
            reload.flag("succeeded")
                ? "last reload \(reload.textOrDash("at")): succeeded"
                : "! last reload \(reload.textOrDash("at")) failed\(withReason ? ": \(reload.textOrDash("failure"))" : "")"
        }
    }

    private func table(_ head: [String], _ rows: [[String]], _ columns: Int) -> [String] {
        var table = Table(head, columns: columns)
        return table.lines(rows)
    }

    private static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }

    private static func mebibytes(_ bytes: Int64) -> String {
        let tenths = (bytes * 10) >> 20
        return "\(tenths / 10).\(tenths % 10) MiB"
    }
}

extension JSONObject {
    /// A dash where there is none.
    fileprivate func textOrDash(_ name: String) -> String { text(name) ?? "-" }

    fileprivate func flag(_ name: String) -> Bool {
        if case .bool(true)? = self[name] { true } else { false }
    }

    /// 0 where there is none.
    fileprivate func count(_ name: String) -> Int64 { integer(name) ?? 0 }

    fileprivate var percentiles: String {
        ["p50", "p90", "p99"].compactMap { name in decimal(name).map { "\(name) \($0) ms" } }.joined(separator: "  ")
    }

    fileprivate func decimal(_ name: String) -> String? {
        switch self[name] {
        case .integer(let number)?: "\(number)"
        case .number(let number)?: "\((number * 100).rounded() / 100)"
        default: nil
        }
    }
}
