/// Rows under a head, in columns that are aligned by the width that a terminal gives each text.
///
/// Texts are neutralised, see `String.neutralised`. Rows can come in any number of parts: the columns are as wide as the
/// first part needs, so that a long table is shown while it is read; a wider text of a later part pushes what follows
/// it. No row wraps where the number of columns of the terminal is known: it is cut.
public struct Table {
    private let head: [String]
    private let columns: Int?
    private var widths: [Int] = []

    /// Names the columns.
    ///
    /// - Parameters:
    ///   - head: the names; the last column is not padded.
    ///   - columns: of the terminal; nil cuts nothing, as for a file or a pipe.
    public init(_ head: [String], columns: Int?) {
        self.head = head
        self.columns = columns
    }

    /// The lines of some rows; with the first ones the head comes before them.
    ///
    /// A row has a text for each column.
    public mutating func lines(_ rows: [[String]]) -> [String] {
        let rows = rows.map { $0.map(\.neutralised) }
        guard widths.isEmpty else { return rows.map(line) }
        widths = head.indices.map { column in
            ([head] + rows).map { column < $0.count ? $0[column].displayWidth : 0 }.max() ?? 0
        }
        return ([head] + rows).map(line)
    }

    private func line(_ row: [String]) -> String {
        let cells = row.indices.map { column in
            column == row.count - 1 || column >= widths.count
                ? row[column] : row[column].padded(toWidth: widths[column])
        }
        let line = cells.joined(separator: "  ")
        return columns.map(line.cut(toWidth:)) ?? line
    }
}
