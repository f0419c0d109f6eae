import JSON
import RandomTestSupport
import Testing

struct JSONRoundTripTests {
    private func bytes(of value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.write(value)
        return writer.bytes
    }

    @Test func `what is written reads back the same`() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<3_000 {
            let value = randomValue(depth: 4, using: &generator)
            #expect(try JSONReader.read(bytes(of: value)) == value)
        }
    }

    @Test func `every finite double reads back the same`() throws {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<20_000 {
            let number = Double(bitPattern: generator.next())
            guard number.isFinite else { continue }
            guard case .number(let read) = try JSONReader.read(bytes(of: .number(number))) else {
                Issue.record("\(number) was not read as a number")
                continue
            }
            #expect(read.bitPattern == number.bitPattern)
        }
    }

    @Test func `a mutated text is read or refused, never more`() {
        var generator = SeededGenerator(seed: 3)
        let sources = (0..<50).map { _ in bytes(of: randomValue(depth: 4, using: &generator)) }
        let pieces: [[UInt8]] =
            [
                "\\ud800", "\\", "\"", "{", "}", "[", "]", ",", ":", "1e999", "-", "0", ".", "\u{FEFF}", "\\u", "null",
                "\n",
            ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x00]]
        var accepted = 0
        for _ in 0..<20_000 {
            var text = sources[Int.random(in: 0..<sources.count, using: &generator)]
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0...text.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0 where index < text.count: text[index] = UInt8.random(in: 0...255, using: &generator)
                case 1 where index < text.count: text.remove(at: index)
                case 2: text.removeSubrange(index...)
                default:
                    let piece = pieces[Int.random(in: 0..<pieces.count, using: &generator)]
                    text.insert(contentsOf: piece, at: index)
                }
            }
            do throws(JSONError) {
                let value = try JSONReader.read(text)
                accepted += 1
                #expect((try? JSONReader.read(bytes(of: value))) == value)
            } catch {
                #expect((0...text.count).contains(error.offset))
                #expect(error.line >= 1 && error.column >= 1)
                #expect(error.message.hasSuffix("."))
            }
        }
        #expect(accepted > 0)
    }

    // MARK: - Random values

    private func randomValue(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 10 : 7), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .integer(Int64(bitPattern: generator.next()) >> Int64.random(in: 0...63, using: &generator))
        case 3: return .unsigned(generator.next() | 1 << 63)
        case 4: return .number(Double.random(in: -1e6...1e6, using: &generator))
        case 5, 6: return .string(randomString(using: &generator))
        case 7, 8:
            let count = Int.random(in: 0...4, using: &generator)
            return .array((0..<count).map { _ in randomValue(depth: depth - 1, using: &generator) })
        default:
            let count = Int.random(in: 0...20, using: &generator)
            return .object(
                JSONObject(
                    (0..<count).map { index in
                        .init(
                            name: randomString(using: &generator) + String(index),
                            value: randomValue(depth: depth - 1, using: &generator)
                        )
                    }
                )
            )
        }
    }

    private func randomString(using generator: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...20, using: &generator) {
            let limit: UInt32 = [0x20, 0x80, 0x800, 0x11_0000][Int.random(in: 0..<4, using: &generator)]
            let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &generator))
            text.append(scalar ?? "\u{D7FF}")
        }
        return String(text)
    }
}
