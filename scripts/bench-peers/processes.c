#include "processes.h"

#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int listening_socket(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        fprintf(stderr, "the socket's path is too long: %s\n", path);
        exit(1);
    }
    strcpy(address.sun_path, path);
    unlink(path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, sizeof address) || listen(descriptor, 4096)) {
        perror(path);
        exit(1);
    }
    return descriptor;
}

int run_processes(int argc, char **argv, void (*serve)(int listener, int threads)) {
    int processes = argc == 4 ? atoi(argv[2]) : 0, threads = argc == 4 ? atoi(argv[3]) : 0;
    if (processes < 1 || threads < 1) {
        fprintf(stderr, "usage: %s SOCKET PROCESSES THREADS\n", argv[0]);
        return 2;
    }
    int listener = listening_socket(argv[1]);

    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGCHLD);
    sigprocmask(SIG_BLOCK, &ends, NULL);

    pid_t parent = getpid(), children[processes];
    for (int index = 0; index < processes; index++) {
        children[index] = fork();
        if (children[index] == 0) {
            sigprocmask(SIG_UNBLOCK, &ends, NULL);
            FCGX_Init();
            // FCGX_Init takes these signals for itself and would only note them.
            signal(SIGPIPE, SIG_IGN);
            signal(SIGTERM, SIG_DFL);
            // A benchmark that is killed leaves nothing behind.
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() == parent) serve(listener, threads);
            _exit(1);
        }
    }

    int signal_number;
    sigwait(&ends, &signal_number);
    for (int index = 0; index < processes; index++)
        if (children[index] > 0) kill(children[index], SIGKILL);
    while (wait(NULL) > 0) {}
    unlink(argv[1]);
    return signal_number == SIGCHLD;
}
