extension String {
    /// How many columns of a terminal the text takes.
    ///
    /// Wide and full-width characters take two (Unicode Standard Annex #11, as ranges), marks that combine and
    /// characters without a shape of their own none, all others one. A character of several scalars takes as many as
    /// its widest: so do terminals that know emoji sequences.
    public var displayWidth: Int {
        if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
        return reduce(0) { $0 + $1.displayWidth }
    }

    /// The text cut to so many columns; what is cut off is told by an ellipsis, which has its place within them.
    public func cut(toWidth columns: Int) -> String {
        guard displayWidth > columns else { return self }
        var text = ""
        var width = 0
        for character in self {
            width += character.displayWidth
            if width >= columns { break }
            text.append(character)
        }
        return columns > 0 ? text + "\u{2026}" : ""
    }

    /// The text with blanks behind it, up to so many columns.
    func padded(toWidth columns: Int) -> String {
        self + String(repeating: " ", count: max(0, columns - displayWidth))
    }
}

extension Character {
    fileprivate var displayWidth: Int { unicodeScalars.map(\.displayWidth).max() ?? 0 }
}

extension Unicode.Scalar {
    fileprivate var displayWidth: Int {
        if isASCII { return 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        return Self.wideRanges.contains { $0.contains(value) } || properties.isEmojiPresentation ? 2 : 1
    }

    /// East_Asian_Width W and F; within a range a few narrow ones that nobody writes names with.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FB,
        0x1F200...0x1F265, 0x20000...0x3FFFD,
    ]
}
