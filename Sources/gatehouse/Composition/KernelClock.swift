internal import Domain
internal import Linux

/// The time of the machine.
struct KernelClock: Clock, Sendable {
    func now() -> Timestamp { Timestamp(microseconds: SystemClock.realtimeMicroseconds()) }
}
