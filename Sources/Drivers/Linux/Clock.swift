internal import CLinux
internal import Glibc

/// The kernel's clocks.
public enum SystemClock {
    /// Nanoseconds that only go forward, for measuring and for deadlines.
    public static func monotonicNanoseconds() -> Int64 { nanoseconds(CLOCK_MONOTONIC) }

    /// Nanoseconds since the machine's start, also while it slept; the same in all processes.
    public static func boottimeNanoseconds() -> Int64 { nanoseconds(CLOCK_BOOTTIME) }

    /// Microseconds since 1970-01-01T00:00:00Z, as people set them.
    public static func realtimeMicroseconds() -> Int64 { nanoseconds(CLOCK_REALTIME) / 1000 }

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        // The structure is this function's own; clock_gettime fails only for clocks that do not exist.
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
