/// An event as the audit holds it: as it is stored, byte by byte, and what stands in the chain for it.
///
/// Whatever somebody has made of the row can be held in it.
package struct AuditEntry: Hashable, Sendable {
    /// Its place in the log.
    package let sequence: Int64
    /// All that is stored of the event, in a form that nothing else has.
    package let content: [UInt8]
    /// By what lists find it, as the event has it.
    package let key: [UInt8]
    /// The hash that stands in the chain; nil where the chain has not come so far.
    package let hash: [UInt8]?
    /// By what lists find it, as the chain has it.
    package let chainedKey: [UInt8]?

    /// Takes what is stored.
    package init(sequence: Int64, content: [UInt8], key: [UInt8], hash: [UInt8]?, chainedKey: [UInt8]?) {
        self.sequence = sequence
        self.content = content
        self.key = key
        self.hash = hash
        self.chainedKey = chainedKey
    }
}

/// A place in the chain, with the hash that holds all events up to it.
package struct AuditMark: Hashable, Sendable, CustomStringConvertible {
    /// Before the first event.
    package static let origin = AuditMark(sequence: 0, hash: Array(repeating: 0, count: 32))

    /// The place in the log.
    package let sequence: Int64
    /// The hash.
    package let hash: [UInt8]

    /// Takes both.
    package init(sequence: Int64, hash: [UInt8]) {
        self.sequence = sequence
        self.hash = hash
    }

    /// Reads what ``description`` gives, or gives nil.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = Int64(parts[0]), sequence >= 0, parts[1].utf8.count == 64 else {
            return nil
        }
        var hash: [UInt8] = []
        var digits = parts[1].utf8.makeIterator()
        while let high = digits.next(), let low = digits.next() {
            let pair = String(decoding: [high, low], as: UTF8.self)
            guard high != UInt8(ascii: "+"), high != UInt8(ascii: "-"), let byte = UInt8(pair, radix: 16) else {
                return nil
            }
            hash.append(byte)
        }
        self.init(sequence: sequence, hash: hash)
    }

    /// `<sequence>:<64 hexadecimal digits>`.
    package var description: String {
        let digits = hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "\(sequence):\(digits)"
    }
}

/// Makes the hashes of the chain.
package protocol AuditHashing {
    /// 32 bytes that nobody finds other bytes for.
    func hash(of bytes: [UInt8]) -> [UInt8]
}
