/// The links from one part of a list to others, as a Link field tells them (RFC 8288).
public struct PageLinks: Sendable {
    private let path: String
    private let parameters: [(name: String, value: String)]
    private var links: [String] = []

    /// Begins without links.
    ///
    /// - Parameters:
    ///   - path: the path of the list.
    ///   - parameters: what every link carries on: filters, order, size.
    public init(path: String, parameters: [(name: String, value: String)]) {
        self.path = path
        self.parameters = parameters
    }

    /// Adds the links of a page by its number: first, prev, next, and last where the number of rows is known.
    ///
    /// A page that lies too deep to be asked for is not linked.
    ///
    /// - Parameters:
    ///   - page: the number of the page, from 1.
    ///   - size: the most rows of a page.
    ///   - hasNext: whether another page follows.
    ///   - total: the number of rows on all pages, where it is known.
    ///   - deepestOffset: how many rows may be passed over.
    public mutating func addPages(around page: Int, size: Int, hasNext: Bool, total: Int?, deepestOffset: Int) {
        func add(_ relation: String, _ number: Int) {
            guard number - 1 <= deepestOffset / size else { return }
            self.add(relation, "page", "\(number)")
        }
        let last = total.map { max(1, ($0 + size - 1) / size) }
        add("first", 1)
        if page > 1 { add("prev", min(page - 1, last ?? .max)) }
        if hasNext { add("next", page + 1) }
        if let last { add("last", last) }
    }

    /// Adds the links of a stretch by cursors: first, and prev and next where there are rows.
    public mutating func addCursors(previous: String?, next: String?) {
        add("first", "cursor", "")
        if let previous { add("prev", "cursor", previous) }
        if let next { add("next", "cursor", next) }
    }

    /// The value of the Link field.
    public var value: String { links.joined(separator: ", ") }

    private mutating func add(_ relation: String, _ name: String, _ value: String) {
        let query = ([(name: name, value: value)] + parameters).map { "\($0.name)=\(Self.encoded($0.value))" }
        links.append("<\(path)?\(query.joined(separator: "&"))>; rel=\"\(relation)\"")
    }

    /// Leaves what RFC 3986 calls unreserved, and the comma, which parts the elements of a list.
    private static func encoded(_ value: String) -> String {
        var bytes: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: ","):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
