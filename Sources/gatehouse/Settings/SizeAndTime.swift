/// A number of bytes for people, in the units that `ls -h` has: `1.4 MiB`.
struct ByteCount: CustomStringConvertible {
    let bytes: Int

    var description: String {
        var (amount, unit) = (Double(bytes), 0)
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        while amount >= 1024, unit < units.count - 1 { (amount, unit) = (amount / 1024, unit + 1) }
        return unit == 0 ? "\(bytes) bytes" : "\(oneDecimal(amount)) \(units[unit])"
    }
}

extension Duration {
    /// For people, to a hundredth of a second: `0.35 s`.
    var inSeconds: String {
        let hundredths = components.seconds * 100 + components.attoseconds / 10_000_000_000_000_000
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) s"
    }
}

private func oneDecimal(_ amount: Double) -> String {
    let tenths = Int((amount * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
}
