// A disk that loses what was not synced, for LD_PRELOAD.
//
// For each file of the directory $POWER_LOSS_DIRECTORY whose name ends in ".db" or "-wal", fdatasync and fsync copy the
// file as it is when the call begins to $POWER_LOSS_DISK, rest for two milliseconds, as a disk does, and only then give
// the copy the file's name there, in one step: a process may be killed at any instruction. What has its name is what a
// power loss would leave at least, and whoever takes a write for synced before a sync that began after it has ended is
// found out.
//
// Where $POWER_LOSS_DIRECTORY has a file "broken", they fail with EIO and keep nothing. With $POWER_LOSS_HANGS they
// never end.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int ends_in(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

static int copy(int from, int to) {
    static __thread char buffer[1 << 16];
    off_t offset = 0;
    ssize_t count;
    while ((count = pread(from, buffer, sizeof buffer, offset)) > 0) {
        if (pwrite(to, buffer, (size_t)count, offset) != count) return -1;
        offset += count;
    }
    return count < 0 ? -1 : 0;
}

static int sync_file(int fd) {
    const char *directory = getenv("POWER_LOSS_DIRECTORY"), *disk = getenv("POWER_LOSS_DISK");
    char link[64], path[PATH_MAX], target[2 * PATH_MAX], temporary[2 * PATH_MAX + 8];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return -1;
    path[length] = 0;
    size_t prefix = directory ? strlen(directory) : 0;
    if (!directory || !disk || strncmp(path, directory, prefix) != 0 || path[prefix] != '/') return 0;
    if (!ends_in(path, ".db") && !ends_in(path, "-wal")) return 0;

    while (getenv("POWER_LOSS_HANGS")) pause();
    snprintf(target, sizeof target, "%s/broken", directory);
    if (access(target, F_OK) == 0) {
        errno = EIO;
        return -1;
    }
    // One sync after the other, lest an older copy replaces a newer one.
    int lock = open(disk, O_RDONLY | O_CLOEXEC);
    if (lock < 0 || flock(lock, LOCK_EX) != 0) abort();
    snprintf(target, sizeof target, "%s%s", disk, path + prefix);
    snprintf(temporary, sizeof temporary, "%s.new", target);
    // From the same descriptor: to open and close the file here would let go of the locks that SQLite holds on it.
    int to = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (to < 0 || copy(fd, to) != 0) abort();
    usleep(2000);
    if (rename(temporary, target) != 0) abort();
    close(to);
    close(lock);
    return 0;
}

int fdatasync(int fd) { return sync_file(fd); }
int fsync(int fd) { return sync_file(fd); }
