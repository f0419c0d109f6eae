internal import JSON

extension Event {
    /// The event as a message: CloudEvents 1.0 in its JSON format (https://github.com/cloudevents/spec, json-format.md), with
    /// the extensions for order (`sequence`, as text that sorts like the numbers) and for traces.
    ///
    /// - Parameter source: who tells of it, as a reference.
    /// - Returns: one JSON object in UTF-8.
    public func cloudEvent(source: String) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        let digits = String(sequence)
        writer.object { members in
            members.member("specversion", "1.0")
            members.member("id", id)
            members.member("source", source)
            members.member("type", type)
            members.member("time", timestamp: microseconds)
            members.member("subject", subject)
            members.member("sequence", String(repeating: "0", count: max(0, 20 - digits.count)) + digits)
            if let traceparent { members.member("traceparent", traceparent) }
            members.member("data", raw: Array(data.utf8))
        }
        return writer.bytes
    }
}
