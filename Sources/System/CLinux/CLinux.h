// Linux calls that the Glibc overlay of Swift does not show: accept4, epoll, eventfd, signalfd, memfd_create, prctl,
// SCM_RIGHTS, the wait macros. Each is a static inline wrapper, so there is no C file to build. Errors are errno.
#ifndef GATEHOUSE_CLINUX_H
#define GATEHOUSE_CLINUX_H

// _GNU_SOURCE is not defined: with it the headers differ from those of Swift's own Glibc module, and the two cannot be
// imported together. What only it would declare is declared at the end of the includes.
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <malloc.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>

extern int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
extern int close_range(unsigned int first, unsigned int last, int flags);
extern int dup3(int from, int to, int flags);
extern int memfd_create(const char *name, unsigned int flags);
extern int renameat2(int from, const char *source, int to, const char *target, unsigned int flags);
extern int sched_getcpu(void);
extern int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *deadline);
extern char **environ;
#define LINUX_MFD_CLOEXEC 1U        // MFD_CLOEXEC, linux/memfd.h
#define LINUX_CLOSE_RANGE_CLOEXEC 4  // CLOSE_RANGE_CLOEXEC, linux/close_range.h
#define LINUX_MSG_CMSG_CLOEXEC 0x40000000  // MSG_CMSG_CLOEXEC, sys/socket.h
#define LINUX_POLLRDHUP 0x2000      // POLLRDHUP, poll.h
#define LINUX_RENAME_NOREPLACE 1U   // RENAME_NOREPLACE, linux/fs.h
#define LINUX_SO_PEERGROUPS 59       // SO_PEERGROUPS, asm-generic/socket.h
#define LINUX_POSIX_SPAWN_SETSID 0x80  // POSIX_SPAWN_SETSID, spawn.h

static inline int linux_errno(void) { return errno; }

static inline int linux_current_processor(void) { return sched_getcpu(); }

// ---- descriptors ----

static inline int linux_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

static inline int linux_set_close_on_exec(int fd, int on) { return fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0); }

static inline int linux_set_all_close_on_exec(unsigned int first) {
    return close_range(first, ~0U, LINUX_CLOSE_RANGE_CLOEXEC);
}

static inline int linux_set_nonblocking(int fd, int on) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return -1;
    return fcntl(fd, F_SETFL, on ? (flags | O_NONBLOCK) : (flags & ~O_NONBLOCK));
}

// True also where the descriptor cannot be waited for; then the write tells why.
static inline int linux_wait_writable(int fd, int milliseconds) {
    struct pollfd entry = {.fd = fd, .events = POLLOUT};
    return poll(&entry, 1, milliseconds) != 0;
}

static inline int linux_duplicate(int fd) { return fcntl(fd, F_DUPFD_CLOEXEC, 3); }

static inline void linux_point_at_null(int fd) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) return;
    dup3(null, fd, O_CLOEXEC);
    close(null);
}

static inline int linux_memfd(const char *name) { return memfd_create(name, LINUX_MFD_CLOEXEC); }

static inline int linux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

// The value before it.
static inline uint8_t linux_exchange_byte(uint8_t *byte, uint8_t value) {
    return __atomic_exchange_n(byte, value, __ATOMIC_SEQ_CST);
}
static inline uint8_t linux_load_byte(const uint8_t *byte) { return __atomic_load_n(byte, __ATOMIC_SEQ_CST); }

// ---- files ----

static inline const char *linux_entry_name(const struct dirent *entry) { return entry->d_name; }

// EEXIST where the name is taken. Some file systems cannot do it in one step; there a moment stays between the two.
static inline int linux_rename_to_free_name(const char *source, const char *target) {
    if (renameat2(AT_FDCWD, source, AT_FDCWD, target, LINUX_RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return -1;
    if (access(target, F_OK) == 0) {
        errno = EEXIST;
        return -1;
    }
    return rename(source, target);
}

// ---- epoll ----

static inline int linux_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int linux_epoll_control(int set, int operation, int fd, uint32_t events, uint64_t data) {
    struct epoll_event event = {.events = events, .data = {.u64 = data}};
    return epoll_ctl(set, operation, fd, &event);
}

// One event at a time, so that no thread holds an event that another thread could serve.
static inline int linux_epoll_wait_one(int set, int timeout_ms, uint32_t *events, uint64_t *data) {
    struct epoll_event event;
    int count = epoll_wait(set, &event, 1, timeout_ms);
    if (count == 1) {
        *events = event.events;
        *data = event.data.u64;
    }
    return count;
}

// ---- sockets ----

static inline int linux_accept(int fd) { return accept4(fd, NULL, NULL, SOCK_CLOEXEC); }

// -1 with ENAMETOOLONG when the path does not fit sun_path.
static inline int linux_unix_address(const char *path, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    size_t length = strlen(path);
    if (length >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address->sun_path, path, length + 1);
    return 0;
}

static inline int linux_unix_bind(int fd, const char *path) {
    struct sockaddr_un address;
    if (linux_unix_address(path, &address) < 0) return -1;
    return bind(fd, (struct sockaddr *)&address, sizeof address);
}

static inline int linux_unix_connect(int fd, const char *path) {
    struct sockaddr_un address;
    if (linux_unix_address(path, &address) < 0) return -1;
    return connect(fd, (struct sockaddr *)&address, sizeof address);
}

// Binds or connects to a numeric IPv4 or IPv6 address; -2 when the text is no numeric address.
static inline int linux_tcp_socket(const char *host, uint16_t port, int connecting) {
    struct sockaddr_storage storage;
    socklen_t length;
    memset(&storage, 0, sizeof storage);
    struct sockaddr_in *v4 = (struct sockaddr_in *)&storage;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&storage;
    if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        length = sizeof *v4;
    } else if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        length = sizeof *v6;
    } else {
        return -2;
    }
    int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    int one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    int result = connecting ? connect(fd, (struct sockaddr *)&storage, length)
                            : bind(fd, (struct sockaddr *)&storage, length);
    if (result < 0) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

static inline int linux_is_listening(int fd) {
    int listening = 0;
    socklen_t length = sizeof listening;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) < 0) return 0;
    return listening;
}

static inline int linux_peer_closed(int fd) {
    struct pollfd entry = {.fd = fd, .events = LINUX_POLLRDHUP};
    return poll(&entry, 1, 0) == 1 && (entry.revents & (LINUX_POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

// Whether nobody is left at the other end of a unix socket. Of TCP this is known only after a reset.
static inline int linux_peer_gone(int fd) {
    struct pollfd entry = {.fd = fd, .events = 0};
    return poll(&entry, 1, 0) == 1 && (entry.revents & (POLLHUP | POLLERR)) != 0;
}

// The process that made the other end listen or connect; 0 where it is not to be seen from here, -1 on errors.
static inline pid_t linux_peer_process(int fd) {
    struct { pid_t pid; uid_t uid; gid_t gid; } peer;  // struct ucred
    socklen_t length = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0 ? -1 : peer.pid;
}

// User and group of the process at the other end of a unix socket, as they were when it connected.
static inline int linux_peer_user(int fd, uid_t *user, gid_t *group) {
    struct { pid_t pid; uid_t uid; gid_t gid; } peer;  // struct ucred
    socklen_t length = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0) return -1;
    *user = peer.uid;
    *group = peer.gid;
    return 0;
}

// Its further groups, at most `most`: how many were filled in, or -1.
static inline int linux_peer_groups(int fd, gid_t *groups, int most) {
    socklen_t length = (socklen_t)((size_t)most * sizeof *groups);
    if (getsockopt(fd, SOL_SOCKET, LINUX_SO_PEERGROUPS, groups, &length) < 0) return -1;
    return (int)(length / sizeof *groups);
}

static inline int linux_socket_family(int fd) {
    int family = 0;
    socklen_t length = sizeof family;
    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length) < 0 ? -1 : family;
}

// The 4 or 16 bytes of an IP address in the text form of inet_ntop, an IPv4 address in IPv6 clothes as IPv4.
static inline int linux_address_text(int family, const void *bytes, char text[INET6_ADDRSTRLEN]) {
    const unsigned char *from = (const unsigned char *)bytes;
    if (family == AF_INET6 && IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)bytes)) {
        family = AF_INET;
        from += 12;
    }
    return inet_ntop(family, from, text, INET6_ADDRSTRLEN) ? 0 : -1;
}

static inline int linux_peer_address(int fd, char text[INET6_ADDRSTRLEN]) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    if (getpeername(fd, (struct sockaddr *)&storage, &length) < 0) return -1;
    if (storage.ss_family == AF_INET)
        return linux_address_text(AF_INET, &((struct sockaddr_in *)&storage)->sin_addr, text);
    if (storage.ss_family == AF_INET6)
        return linux_address_text(AF_INET6, &((struct sockaddr_in6 *)&storage)->sin6_addr, text);
    errno = EAFNOSUPPORT;
    return -1;
}

// A numeric address in its one text form; -1 where the text is none.
static inline int linux_plain_address(const char *from, char text[INET6_ADDRSTRLEN]) {
    struct in6_addr address;
    if (inet_pton(AF_INET, from, &address) == 1) return linux_address_text(AF_INET, &address, text);
    if (inet_pton(AF_INET6, from, &address) == 1) return linux_address_text(AF_INET6, &address, text);
    return -1;
}

// True where an event of the set waits for somebody to take it.
static inline int linux_epoll_has_event(int set) {
    struct pollfd entry = {.fd = set, .events = POLLIN};
    return poll(&entry, 1, 0) == 1;
}

// How many connections wait at a listening socket of TCP to be accepted, and how many may (tcp_get_info).
static inline int linux_tcp_queue(int fd, uint32_t *depth, uint32_t *limit) {
    struct tcp_info info;
    socklen_t length = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) < 0) return -1;
    *depth = info.tcpi_unacked;
    *limit = info.tcpi_sacked;
    return 0;
}

// The same of a unix socket, by sock_diag(7), which alone knows it. -1 where the kernel does not tell.
static inline int linux_unix_queue(int fd, uint32_t *depth, uint32_t *limit) {
    struct stat status;
    if (fstat(fd, &status) < 0) return -1;
    struct {
        struct nlmsghdr header;
        struct unix_diag_req request;
    } question;
    memset(&question, 0, sizeof question);
    question.header.nlmsg_len = sizeof question;
    question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    question.header.nlmsg_flags = NLM_F_REQUEST;
    question.request.sdiag_family = AF_UNIX;
    question.request.udiag_states = UINT32_MAX;
    question.request.udiag_ino = (uint32_t)status.st_ino;
    question.request.udiag_show = UDIAG_SHOW_RQLEN;
    question.request.udiag_cookie[0] = UINT32_MAX;
    question.request.udiag_cookie[1] = UINT32_MAX;
    int kernel = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG);
    if (kernel < 0) return -1;
    union {
        struct nlmsghdr header;
        char bytes[1024];
    } answer;
    // The kernel answers within the call that asks.
    ssize_t size = send(kernel, &question, sizeof question, 0) < 0 ? -1 : recv(kernel, &answer, sizeof answer, 0);
    close(kernel);
    if (size < 0 || !NLMSG_OK(&answer.header, (uint32_t)size) || answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY) return -1;
    struct unix_diag_msg *message = (struct unix_diag_msg *)NLMSG_DATA(&answer.header);
    int left = (int)answer.header.nlmsg_len - (int)NLMSG_LENGTH(sizeof *message);
    struct rtattr *part = (struct rtattr *)(message + 1);
    for (; RTA_OK(part, left); part = RTA_NEXT(part, left)) {
        if (part->rta_type != UNIX_DIAG_RQLEN || RTA_PAYLOAD(part) < sizeof(struct unix_diag_rqlen)) continue;
        struct unix_diag_rqlen lengths;
        memcpy(&lengths, RTA_DATA(part), sizeof lengths);
        *depth = lengths.udiag_rqueue;
        *limit = lengths.udiag_wqueue;
        return 0;
    }
    return -1;
}

static inline int linux_set_no_delay(int fd) {
    int one = 1;
    return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static inline int linux_set_timeouts(int fd, int milliseconds) {
    struct timeval limit = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
    if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0) return -1;
    return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

static inline int linux_socket_pair(int packets, int fds[2]) {
    return socketpair(AF_UNIX, (packets ? SOCK_SEQPACKET : SOCK_STREAM) | SOCK_CLOEXEC, 0, fds);
}

#define LINUX_MOST_PASSED 64

// A packet and descriptors with it (SCM_RIGHTS); the kernel sends both or neither. Waits for nobody.
static inline int linux_send_descriptors(int fd, const void *bytes, size_t count, const int *passed, int passed_count) {
    if (passed_count < 0 || passed_count > LINUX_MOST_PASSED) {
        errno = EINVAL;
        return -1;
    }
    union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int) * LINUX_MOST_PASSED)]; } control;
    memset(&control, 0, sizeof control);
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (passed_count > 0) {
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)passed_count);
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof(int) * (size_t)passed_count);
        memcpy(CMSG_DATA(&control.header), passed, sizeof(int) * (size_t)passed_count);
    }
    ssize_t sent;
    do sent = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT); while (sent < 0 && errno == EINTR);
    return sent < 0 ? -1 : 0;
}

// The next packet, and the descriptors that came with it: close-on-exec, their number in *passed_count. Where this
// process has no room for all of them, the kernel closes the others and *cut is 1. Bytes read, 0 at the end, -1 on errors.
static inline ssize_t linux_receive_descriptors(int fd, void *bytes, size_t count, int passed[LINUX_MOST_PASSED],
                                                int *passed_count, int *cut) {
    union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int) * LINUX_MOST_PASSED)]; } control;
    struct iovec part = {.iov_base = bytes, .iov_len = count};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control,
    };
    ssize_t received;
    do received = recvmsg(fd, &message, LINUX_MSG_CMSG_CLOEXEC); while (received < 0 && errno == EINTR);
    *passed_count = 0;
    if (received < 0) return -1;
    *cut = (message.msg_flags & MSG_CTRUNC) != 0;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
        *passed_count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(passed, CMSG_DATA(header), sizeof(int) * (size_t)*passed_count);
    }
    return received;
}

static inline int linux_unix_socket(void) { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); }

// One datagram to the unix socket of this name ('@' begins a name that is in no directory); it waits for nobody.
static inline int linux_send_datagram(const char *name, const void *bytes, size_t count) {
    struct sockaddr_un address;
    if (linux_unix_address(name, &address) < 0) return -1;
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    if (name[0] == '@') address.sun_path[0] = '\0';
    else length++;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    ssize_t sent = sendto(fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&address, length);
    int saved = errno;
    close(fd);
    errno = saved;
    return sent < 0 ? -1 : 0;
}

// ---- signals ----

static inline void linux_block_all_signals(void) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
}

static inline int linux_signalfd(const int *signals, int count) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

// The next signal of a signalfd, 0 when there is none; from_process tells those that a process sent from the kernel's
// own, such as a terminal's. SI_USER and what is below it come from processes (sigaction(2)).
static inline int linux_signalfd_next(int fd, int *from_process) {
    struct signalfd_siginfo info;
    ssize_t count = read(fd, &info, sizeof info);
    if (count != (ssize_t)sizeof info) return 0;
    *from_process = info.ssi_code <= 0;
    return (int)info.ssi_signo;
}

static inline int linux_ignore_signal(int number) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_IGN;
    return sigaction(number, &action, NULL);
}

static inline int linux_default_signal(int number) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    return sigaction(number, &action, NULL);
}

// ---- processes ----

// Starts a program in a session of its own: no terminal signal reaches it. descriptors[i] becomes descriptor i of the
// child (-1: /dev/null); everything else must be close-on-exec. All signals are unblocked and at their default.
static inline int linux_spawn(const char *path, char *const argv[], char *const envp[], const int *descriptors,
                              int count, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int copies[16];
    int made = 0;
    if (count > 16) return EINVAL;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int result = 0;
    for (int i = 0; i < count && result == 0; i++) {
        if (descriptors[i] < 0) {
            result = posix_spawn_file_actions_addopen(&actions, i, "/dev/null", O_RDWR, 0);
            continue;
        }
        // A copy above every target, so that no dup2 of this list overwrites the source of another.
        int copy = fcntl(descriptors[i], F_DUPFD_CLOEXEC, count);
        if (copy < 0) {
            result = errno;
            break;
        }
        copies[made++] = copy;
        result = posix_spawn_file_actions_adddup2(&actions, copy, i);
    }
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | LINUX_POSIX_SPAWN_SETSID);
    if (result == 0) result = posix_spawn(pid, path, &actions, &attributes, argv, envp);
    for (int i = 0; i < made; i++) close(copies[i]);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return result;
}

static inline int linux_wait_any(int *status) { return waitpid(-1, status, WNOHANG); }
static inline int linux_wait_for(pid_t pid, int *status) { return waitpid(pid, status, 0); }
static inline int linux_exited(int status) { return WIFEXITED(status); }
static inline int linux_exit_status(int status) { return WEXITSTATUS(status); }
static inline int linux_term_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

static inline char **linux_environment(void) { return environ; }

static inline int linux_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

static inline long linux_processors(void) { return sysconf(_SC_NPROCESSORS_ONLN); }

// Few malloc arenas: by default each thread gets its own, and each costs memory at rest.
static inline void linux_limit_malloc_arenas(int count) { mallopt(M_ARENA_MAX, count); }

static inline uint64_t linux_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return 0;
    return limit.rlim_cur;
}

static inline int linux_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -1;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit);
}

// ---- semaphores ----

static inline int linux_semaphore_wait_until(sem_t *semaphore, clockid_t clock, int64_t nanoseconds) {
    struct timespec deadline = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    return sem_clockwait(semaphore, clock, &deadline);
}

// ---- terminals ----

// Columns and rows of a terminal; 0 each where it does not tell.
static inline void linux_terminal_size(int fd, int *columns, int *rows) {
    struct winsize size;
    int told = ioctl(fd, TIOCGWINSZ, &size) == 0;
    *columns = told ? size.ws_col : 0;
    *rows = told ? size.ws_row : 0;
}

// The columns of a terminal, or 0 where it does not tell.
static inline int linux_terminal_columns(int fd) {
    struct winsize size;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

// Both ends of a new pseudo-terminal, without ptsname and its static storage (TIOCGPTPEER, Linux 4.13).
static inline int linux_pseudo_terminal(int fds[2]) {
    int locked = 0;
    fds[0] = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fds[0] < 0) return -1;
    fds[1] = ioctl(fds[0], TIOCSPTLCK, &locked) < 0 ? -1 : ioctl(fds[0], TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fds[1] >= 0) return 0;
    int error = errno;
    close(fds[0]);
    errno = error;
    return -1;
}

#endif
