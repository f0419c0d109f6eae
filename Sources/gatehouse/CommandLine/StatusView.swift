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
                    "\(worker.number("slot"))", "\(worker.number("generation"))", "\(worker.number("pid"))",
                    worker.text("phase"), Self.span(worker.number("uptime_s")),
                    "\(worker.number("busy"))/\(worker.number("threads"))", "\(worker.number("kept_connections"))",
                    Self.mebibytes(worker.number("memory_bytes")),
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
                    "\(request.number("age_ms")) ms", request.optionalNumber("queued_ms").map { "\($0) ms" } ?? "-",
                    "\(request.number("pid"))", request.text("phase"), request.text("route"),
                    request.text("request_id"),
                ]
            },
            columns
        )
        return lines.map { $0.cut(toWidth: columns) }
    }

    /// How many requests were answered since the machine was started.
    var requestsAnswered: Int64 { document.object("totals")?.number("requests") ?? 0 }

    private var headline: String {
        guard let supervisor = document.object("supervisor") else {
            return "gatehouse \(document.text("version"))  no supervisor"
        }
        let state =
            supervisor.flag("stopping") ? "stopping" : supervisor.flag("reloading") ? "reloading" : "serving"
        return "gatehouse \(document.text("version"))  generation \(supervisor.number("generation"))  \(state)  "
            + "up \(Self.span(supervisor.number("uptime_s")))"
    }

    private func load(_ rate: Double?) -> String {
        let queue = document.object("queue").map { "\($0.number("depth")) of \($0.number("limit"))" } ?? "unknown"
        let totals = document.object("totals")
        let speed = rate.map { "\(Int($0.rounded())) requests/s  " } ?? ""
        return "\(speed)running \(document.number("requests_running"))  waiting to be accepted \(queue)  "
            + "answered \(totals?.number("requests") ?? 0)  worker deaths \(totals?.number("worker_deaths") ?? 0)"
    }

    /// How long requests took, lately and since the machine was started: a line for each where there were any.
    private var times: [String] {
        guard let latency = document.object("latency_ms") else { return [] }
        let queue = document.object("queue_ms")
        let spans = [
            ("lately", latency.object("lately").map { "last \($0.number("seconds")) s" } ?? ""),
            ("since_start", "since start"),
        ]
        return spans.compactMap { member, name in
            guard let times = latency.object(member), times.number("requests") > 0 else { return nil }
            var line = "\(name): \(times.number("requests")) requests, served within  \(times.percentiles)"
            if let waits = queue?.object(member), waits.number("requests") > 0 {
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
                ? "last reload \(reload.text("at")): succeeded"
                : "! last reload \(reload.text("at")) failed\(withReason ? ": \(reload.text("failure"))" : "")"
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
    fileprivate func object(_ name: String) -> JSONObject? {
        if case .object(let object)? = self[name] { object } else { nil }
    }

    fileprivate func objects(_ name: String) -> [JSONObject] {
        guard case .array(let values)? = self[name] else { return [] }
        return values.compactMap { if case .object(let object) = $0 { object } else { nil } }
    }

    fileprivate func texts(_ name: String) -> [String] {
        guard case .array(let values)? = self[name] else { return [] }
        return values.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    /// A dash where there is none.
    fileprivate func text(_ name: String) -> String {
        if case .string(let text)? = self[name] { text } else { "-" }
    }

    fileprivate func flag(_ name: String) -> Bool {
        if case .bool(true)? = self[name] { true } else { false }
    }

    fileprivate func number(_ name: String) -> Int64 { optionalNumber(name) ?? 0 }

    fileprivate func optionalNumber(_ name: String) -> Int64? {
        if case .integer(let number)? = self[name] { number } else { nil }
    }

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
