internal import JSON
internal import Linux

/// Reads JSON texts and tells what came of each, for `differential.py` to hold against what Python reads.
///
/// Texts on the standard input and answers on the standard output have their length before them, as four bytes with the
/// most significant first. An answer is `+` and the value as the writer writes it, or `-` and why the text is refused.
@main
struct JSONProbe {
    static func main() {
        do {
            let input = try FileDescriptor(owning: 0).readAll(limit: 1 << 30)
            try FileDescriptor(owning: 1).writeAll(answers(to: input))
        } catch {
            StandardError.writeLine("\(error)")
            ThisProcess.exitImmediately(1)
        }
        ThisProcess.exitImmediately(0)
    }

    private static func answers(to input: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var writer = JSONWriter()
        var rest = input.span
        while rest.count >= 4 {
            let length = (0..<4).reduce(0) { $0 << 8 | Int(rest[$1]) }
            let end = min(4 + length, rest.count)
            writer.removeAll()
            do throws(JSONError) {
                writer.write(try JSONReader.read(rest.extracting(4..<end)))
                append("+", writer.bytes, to: &output)
            } catch {
                append("-", Array(error.message.utf8), to: &output)
            }
            rest = rest.extracting(end..<rest.count)
        }
        return output
    }

    private static func append(_ sign: Character, _ bytes: [UInt8], to output: inout [UInt8]) {
        let length = UInt32(bytes.count + 1)
        for shift in stride(from: 24 as UInt32, through: 0, by: -8) {
            output.append(UInt8(truncatingIfNeeded: length >> shift))
        }
        output += "\(sign)".utf8
        output += bytes
    }
}
