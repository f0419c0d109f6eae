internal import CLinux

/// The processors of the machine.
public enum Processor {
    /// The number of the one on which the calling thread runs; it may run on another the next moment.
    ///
    /// Costs no call of the kernel: glibc keeps it up to date in the thread's own memory (rseq(2)).
    public static var current: Int { max(0, Int(linux_current_processor())) }
}
