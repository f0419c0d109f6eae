internal import Console
internal import Database

/// How far the copy of a database has come, for whoever sits at the terminal.
final class CopyProgress {
    private let label: String
    private var bar: ProgressBar?

    init(_ label: String) {
        self.label = label
    }

    /// How much there is to copy the first step tells.
    func show(_ progress: DatabaseBackup.Progress) {
        if bar == nil { bar = ProgressBar(label, total: progress.total) }
        bar?.show(progress.copied)
    }

    func finish() {
        bar?.finish()
        bar = nil
    }
}
