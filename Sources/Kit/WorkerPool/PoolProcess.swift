internal import Linux

/// A process of the pool, and the supervisor's end of its control connection.
final class PoolProcess {
    let pid: Int32
    let control: FileDescriptor

    /// The control connection does not block: a process that crashed may leave another behind that holds its end open.
    init(pid: Int32, control: consuming FileDescriptor) {
        self.pid = pid
        self.control = control
    }
}
