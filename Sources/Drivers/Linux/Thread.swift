internal import CLinux
internal import Glibc

/// A POSIX thread, for code that blocks: never one of the pool of Swift concurrency, which has few and does not grow.
public struct Thread: ~Copyable {
    private let handle: pthread_t

    /// Starts a thread that runs `body`, and calls it `name` (15 bytes at most are kept) for people who look.
    ///
    /// - Throws: `EAGAIN` where the system has no room for one more.
    public init(name: String, stackSize: Int = 512 << 10, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, stackSize)
        var handle = pthread_t()
        let result = unsafe pthread_create(
            &handle,
            &attributes,
            { argument in
                // The object was retained for this thread, which takes it over exactly once.
                guard let argument = unsafe argument else { return nil }
                let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                _ = unsafe linux_set_thread_name(start.name)
                start.body()
                return nil
            },
            start.toOpaque()
        )
        guard result == 0 else {
            unsafe start.release()
            throw SystemError("pthread_create", errorNumber: result)
        }
        self.handle = handle
    }

    /// Waits for the end of the thread.
    public consuming func join() {
        pthread_join(handle, nil)
        discard self
    }

    deinit {
        pthread_detach(handle)
    }

    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
