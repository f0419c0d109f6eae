import Domain

/// Hashes that cost nothing and keep nobody from finding others.
package struct CheapAuditHashing: AuditHashing {
    /// Makes one.
    package init() {}

    package func hash(of bytes: [UInt8]) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: 32)
        for (index, byte) in bytes.enumerated() { hash[index % 32] = hash[index % 32] &* 31 &+ byte }
        return hash
    }
}
