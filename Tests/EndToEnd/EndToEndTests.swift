import Testing

/// The program as its users meet it: the real binary behind the real nginx, on scratch directories and unix sockets.
///
/// One test at a time, because each has a machine's worth of processes. A test that fails tells the last lines of the
/// logs of what it ran.
@Suite(.serialized, .timeLimit(.minutes(5)), .toldWithLogs)
struct EndToEndTests {}
