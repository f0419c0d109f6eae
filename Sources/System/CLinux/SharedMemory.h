// What the driver of shared memory needs of C: robust mutexes that wait by the monotonic clock, atomic words in memory
// that other processes map and wait for, and locks that belong to an open file. Errors of mutexes are returned, all others
// are errno.
#ifndef GATEHOUSE_SHARED_MEMORY_H
#define GATEHOUSE_SHARED_MEMORY_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

extern int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *deadline);
extern long syscall(long number, ...);
extern ssize_t getrandom(void *buffer, size_t length, unsigned int flags);
#define LINUX_F_OFD_SETLK 37  // F_OFD_SETLK, fcntl.h

// The record of a mutex leaves 48 bytes for it: 40 are used on x86-64, 48 on arm64.
_Static_assert(sizeof(pthread_mutex_t) <= 48, "a mutex fits its record");

// ---- robust mutexes ----

static inline int linux_robust_mutex_init(void *at) {
    pthread_mutexattr_t attributes;
    int result = pthread_mutexattr_init(&attributes);
    if (result != 0) return result;
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    result = pthread_mutex_init((pthread_mutex_t *)at, &attributes);
    pthread_mutexattr_destroy(&attributes);
    return result;
}

static inline int linux_robust_mutex_try(void *at) { return pthread_mutex_trylock((pthread_mutex_t *)at); }

static inline int linux_robust_mutex_lock_until(void *at, int64_t nanoseconds) {
    struct timespec deadline = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    return pthread_mutex_clocklock((pthread_mutex_t *)at, CLOCK_MONOTONIC, &deadline);
}

static inline int linux_robust_mutex_consistent(void *at) { return pthread_mutex_consistent((pthread_mutex_t *)at); }

static inline int linux_robust_mutex_unlock(void *at) { return pthread_mutex_unlock((pthread_mutex_t *)at); }

// ---- atomic words ----

static inline uint64_t linux_word_load(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
static inline void linux_word_store(uint64_t *word, uint64_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }

static inline uint64_t linux_word_load_relaxed(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_RELAXED); }
static inline void linux_word_store_relaxed(uint64_t *word, uint64_t value) {
    __atomic_store_n(word, value, __ATOMIC_RELAXED);
}

// The value after it.
static inline uint64_t linux_word_add(uint64_t *word, uint64_t value) {
    return __atomic_add_fetch(word, value, __ATOMIC_SEQ_CST);
}

// The value before it, which is `expected` where the exchange was done.
static inline uint64_t linux_word_compare_exchange(uint64_t *word, uint64_t expected, uint64_t desired) {
    __atomic_compare_exchange_n(word, &expected, desired, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return expected;
}

// The kernel looks at 32 bits only: the lower half, which is where both processors that are built for keep it first.
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the lower half of a word stands first");

// Sleeps while the lower half is this, until it is woken or the time is over; may end early.
static inline void linux_word_wait(uint64_t *word, uint32_t lower, int64_t nanoseconds) {
    struct timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
    syscall(SYS_futex, (uint32_t *)word, FUTEX_WAIT, lower, &time, NULL, 0);
}

static inline void linux_word_wake_all(uint64_t *word) {
    syscall(SYS_futex, (uint32_t *)word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

// The same for one of 32 groups of those who wait: a bit for each.
static inline void linux_word_wait_in(uint64_t *word, uint32_t lower, int64_t nanoseconds, uint32_t group) {
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += nanoseconds / 1000000000;
    end.tv_nsec += nanoseconds % 1000000000;
    if (end.tv_nsec >= 1000000000) {
        end.tv_sec += 1;
        end.tv_nsec -= 1000000000;
    }
    syscall(SYS_futex, (uint32_t *)word, FUTEX_WAIT_BITSET, lower, &end, NULL, group);
}

static inline void linux_word_wake_groups(uint64_t *word, int count, uint32_t groups) {
    syscall(SYS_futex, (uint32_t *)word, FUTEX_WAKE_BITSET, count, NULL, NULL, groups);
}

// Tells the processor that somebody waits in a loop.
static inline void linux_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#else
    __asm__ volatile("isb" ::: "memory");
#endif
}

static inline void linux_fence_release(void) { __atomic_thread_fence(__ATOMIC_RELEASE); }
static inline void linux_fence_acquire(void) { __atomic_thread_fence(__ATOMIC_ACQUIRE); }

// ---- files ----

// Locks the first byte for the open file: shared, or exclusive, or not at all. Goes with the last descriptor or mapping.
static inline int linux_lock_open_file(int fd, short kind) {
    struct flock lock;
    memset(&lock, 0, sizeof lock);
    lock.l_type = kind;
    lock.l_whence = SEEK_SET;
    lock.l_len = 1;
    return fcntl(fd, LINUX_F_OFD_SETLK, &lock);
}

// NULL on errors.
static inline void *linux_map_shared(int fd, size_t length, off_t offset) {
    void *at = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
    return at == MAP_FAILED ? NULL : at;
}

static inline int linux_random(void *buffer, size_t length) {
    return getrandom(buffer, length, 0) == (ssize_t)length ? 0 : -1;
}

#endif
