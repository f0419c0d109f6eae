/// Reads metrics in the text format of Prometheus, version 0.0.4, and refuses what a scraper would refuse or misread.
public struct MetricsReader {
    /// Why a text is no such text.
    public struct Malformed: Error, CustomStringConvertible {
        /// The line, and what is wrong with it.
        public let description: String
    }

    /// One number.
    public struct Sample {
        /// The name, with the suffix of a histogram's or summary's part.
        public let name: String
        /// The labels.
        public let labels: [String: String]
        /// The number.
        public let value: Double
    }

    /// The kind of each family, by name.
    public private(set) var kinds: [String: String] = [:]
    /// All numbers, in order.
    public private(set) var samples: [Sample] = []

    private var helped: Set<String> = []
    private var seen: Set<String> = []
    private var family = ""

    /// Reads a whole text.
    public init(_ text: [UInt8]) throws {
        guard text.last == 10 else { throw Malformed(description: "the last line does not end") }
        guard let string = String(validating: text, as: UTF8.self) else { throw Malformed(description: "no UTF-8") }
        for line in string.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            do {
                try take(String(line))
            } catch let error as Malformed {
                throw Malformed(description: "\(error.description): \(line)")
            }
        }
        try checkHistograms()
    }

    /// The number with a name and certain labels, nil where there is none.
    public func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    /// The sum of all numbers with a name whose labels have these values among others.
    public func sum(_ name: String, where labels: [String: String] = [:]) -> Double {
        samples.filter { sample in sample.name == name && labels.allSatisfy { sample.labels[$0] == $1 } }
            .reduce(0) { $0 + $1.value }
    }

    /// All names that a query may use.
    public var names: Set<String> {
        var names: Set<String> = []
        for (name, kind) in kinds {
            switch kind {
            case "histogram": names.formUnion([name + "_bucket", name + "_sum", name + "_count"])
            case "summary": names.formUnion([name + "_sum", name + "_count"])
            default: names.insert(name)
            }
        }
        return names
    }

    // MARK: - Lines

    private mutating func take(_ line: String) throws {
        if line.hasPrefix("# HELP ") {
            let name = try begin(line.dropFirst("# HELP ".count))
            guard helped.insert(name).inserted, kinds[name] == nil else {
                throw Malformed(description: "a second HELP")
            }
        } else if line.hasPrefix("# TYPE ") {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 4, ["counter", "gauge", "histogram", "summary", "untyped"].contains(words[3]) else {
                throw Malformed(description: "no kind")
            }
            let name = try begin(line.dropFirst("# TYPE ".count))
            guard helped.contains(name) else { throw Malformed(description: "no HELP before") }
            guard kinds.updateValue(String(words[3]), forKey: name) == nil else {
                throw Malformed(description: "a second TYPE")
            }
            family = name
        } else {
            try takeSample(line)
        }
    }

    private func begin(_ rest: Substring) throws -> String {
        let name = String(rest.prefix { $0 != " " })
        guard Self.isName(name) else { throw Malformed(description: "no name") }
        return name
    }

    private mutating func takeSample(_ line: String) throws {
        var rest = line[...]
        let name = String(rest.prefix { $0 != "{" && $0 != " " })
        rest = rest.dropFirst(name.count)
        guard Self.isName(name) else { throw Malformed(description: "no name") }
        guard isOfFamily(name) else { throw Malformed(description: "not of the family \(family)") }
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest = rest.dropFirst()
            while true {
                let label = String(rest.prefix { $0 != "=" })
                guard Self.isName(label), !label.contains(":") else { throw Malformed(description: "no label") }
                rest = rest.dropFirst(label.count + 1)
                let value = try Self.quoted(&rest)
                guard labels.updateValue(value, forKey: label) == nil else {
                    throw Malformed(description: "the label \(label) twice")
                }
                guard rest.first == "," else { break }
                rest = rest.dropFirst()
            }
            guard rest.first == "}" else { throw Malformed(description: "no end of labels") }
            rest = rest.dropFirst()
        }
        guard rest.first == " ", let value = Self.number(rest.dropFirst()) else {
            throw Malformed(description: "no number")
        }
        let key = name + labels.sorted { $0.key < $1.key }.map { "\n\($0)=\($1)" }.joined()
        guard seen.insert(key).inserted else { throw Malformed(description: "twice") }
        if kinds[family] != "gauge", value < 0 { throw Malformed(description: "a negative count") }
        samples.append(Sample(name: name, labels: labels, value: value))
    }

    private func isOfFamily(_ name: String) -> Bool {
        switch kinds[family] {
        case "histogram": [family + "_bucket", family + "_sum", family + "_count"].contains(name)
        case "summary": [family, family + "_sum", family + "_count"].contains(name)
        case nil: false
        default: name == family
        }
    }

    private static func number(_ text: Substring) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: text.allSatisfy { "0123456789.e+-".contains($0) } ? Double(text) : nil
        }
    }

    private static func quoted(_ rest: inout Substring) throws -> String {
        guard rest.popFirst() == "\"" else { throw Malformed(description: "no quotation mark") }
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return value
            case "\\":
                switch rest.popFirst() {
                case "\\": value += "\\"
                case "n": value += "\n"
                case "\"": value += "\""
                default: throw Malformed(description: "an unknown escape")
                }
            default: value.append(character)
            }
        }
        throw Malformed(description: "no end of a value")
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: ":"): true
            default: false
            }
        }
    }

    // MARK: - Histograms

    private func checkHistograms() throws {
        for (name, kind) in kinds where kind == "histogram" {
            var series: [[String: String]: [(bound: Double, count: Double)]] = [:]
            for sample in samples where sample.name == name + "_bucket" {
                guard let text = sample.labels["le"], let bound = Self.number(text[...]) else {
                    throw Malformed(description: "\(name) has a bucket without a bound")
                }
                series[sample.labels.filter { $0.key != "le" }, default: []].append((bound, sample.value))
            }
            for (labels, buckets) in series {
                let isRising = zip(buckets, buckets.dropFirst()).allSatisfy {
                    $0.bound < $1.bound && $0.count <= $1.count
                }
                guard isRising, buckets.last?.bound == .infinity,
                    buckets.last?.count == value(name + "_count", labels), value(name + "_sum", labels) != nil
                else { throw Malformed(description: "\(name) \(labels) is no histogram") }
            }
        }
    }
}
