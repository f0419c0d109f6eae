/// Metrics in the text format of Prometheus, version 0.0.4, as a scraper reads it.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/. Each family is begun once, and its samples follow it.
public struct MetricsText {
    /// The media type of the text.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// What a family is.
    public enum Kind: String, Sendable {
        /// A number that only grows, but for a restart.
        case counter
        /// A number of this moment.
        case gauge
        /// Counts by upper bounds, with sum and count.
        case histogram
        /// Sum and count.
        case summary
    }

    /// The name of a label and its value.
    public typealias Label = (name: String, value: String)

    /// What has been written, whole lines.
    public private(set) var bytes: [UInt8] = []

    /// Makes an empty text.
    public init() {
        bytes.reserveCapacity(64 << 10)
    }

    /// Begins a family; `name` and `help` are the program's own words.
    public mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        bytes += "# HELP \(name) ".utf8
        for byte in help.utf8 { appendEscaped(byte, quote: false) }
        bytes += "\n# TYPE \(name) \(kind.rawValue)\n".utf8
    }

    /// Writes a whole number of the family that was begun last.
    public mutating func sample(_ name: String, _ labels: [Label], _ value: UInt64) {
        begin(name, labels)
        bytes += "\(value)\n".utf8
    }

    /// Writes a number of the family that was begun last.
    public mutating func sample(_ name: String, _ labels: [Label], _ value: Double) {
        begin(name, labels)
        bytes += (value.isNaN ? "NaN" : value == .infinity ? "+Inf" : value == -.infinity ? "-Inf" : "\(value)").utf8
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Writes a family of one number of this moment.
    public mutating func gauge(_ name: String, _ help: String, _ value: UInt64) {
        family(name, .gauge, help)
        sample(name, [], value)
    }

    private mutating func begin(_ name: String, _ labels: [Label]) {
        bytes += name.utf8
        for (index, label) in labels.enumerated() {
            bytes += (index == 0 ? "{" : ",").utf8
            bytes += label.name.utf8
            bytes += "=\"".utf8
            for byte in label.value.utf8 { appendEscaped(byte, quote: true) }
            bytes.append(UInt8(ascii: "\""))
        }
        if !labels.isEmpty { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: " "))
    }

    private mutating func appendEscaped(_ byte: UInt8, quote: Bool) {
        switch byte {
        case UInt8(ascii: "\\"): bytes += "\\\\".utf8
        case UInt8(ascii: "\n"): bytes += "\\n".utf8
        case UInt8(ascii: "\"") where quote: bytes += "\\\"".utf8
        default: bytes.append(byte)
        }
    }
}
