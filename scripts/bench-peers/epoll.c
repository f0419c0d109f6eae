// All threads of a process wait in one epoll set for new connections and for the next request of kept ones, so that an
// idle connection holds no thread. libfcgi parses and writes, but never accepts: a request with a descriptor in it and
// keepConnection set is taken for a kept connection, and FCGX_Accept_r reads from it.
#define _GNU_SOURCE
#include "answer.h"
#include "processes.h"

#include <fcgiapp.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int listener, set;

static void watch(int operation, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data.fd = descriptor};
    if (epoll_ctl(set, operation, descriptor, &event)) close(descriptor);
}

static void answer(FCGX_Request *request, int connection) {
    request->ipcFd = connection;
    request->keepConnection = 1;
    if (FCGX_Accept_r(request) != 0) return;  // closed by libfcgi
    FCGX_PutStr(ANSWER, sizeof ANSWER - 1, request->out);
    FCGX_Finish_r(request);
    if (request->ipcFd < 0) return;
    request->ipcFd = -1;
    watch(EPOLL_CTL_MOD, connection);
}

static void *serve_events(void *unused) {
    (void)unused;
    FCGX_Request request;
    FCGX_InitRequest(&request, -1, 0);
    for (;;) {
        struct epoll_event event;
        if (epoll_wait(set, &event, 1, -1) != 1) continue;
        if (event.data.fd != listener) {
            answer(&request, event.data.fd);
            continue;
        }
        int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (connection >= 0) watch(EPOLL_CTL_ADD, connection);
    }
    return NULL;
}

static void serve(int listening_socket, int threads) {
    listener = listening_socket;
    // Another process may be faster to accept.
    fcntl(listener, F_SETFL, O_NONBLOCK);
    set = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.fd = listener};
    epoll_ctl(set, EPOLL_CTL_ADD, listener, &event);

    pthread_t others[threads];
    for (int index = 1; index < threads; index++) pthread_create(&others[index], NULL, serve_events, NULL);
    serve_events(NULL);
}

int main(int argc, char **argv) {
    return run_processes(argc, argv, serve);
}
