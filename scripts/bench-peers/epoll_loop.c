// libfcgi parses and writes, but never accepts: a request with a descriptor in it and keepConnection set is taken for a
// kept connection, and FCGX_Accept_r reads from it.
#define _GNU_SOURCE
#include "epoll_loop.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int listener, set;
static void *(*prepare_thread)(void);
static void (*answer_request)(FCGX_Request *, void *);

static void watch(int operation, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data.fd = descriptor};
    if (epoll_ctl(set, operation, descriptor, &event)) close(descriptor);
}

static void serve_one(FCGX_Request *request, int connection, void *own) {
    request->ipcFd = connection;
    request->keepConnection = 1;
    if (FCGX_Accept_r(request) != 0) return;  // closed by libfcgi
    answer_request(request, own);
    FCGX_Finish_r(request);
    if (request->ipcFd < 0) return;
    request->ipcFd = -1;
    watch(EPOLL_CTL_MOD, connection);
}

static void *run_thread(void *unused) {
    (void)unused;
    void *own = prepare_thread ? prepare_thread() : NULL;
    FCGX_Request request;
    FCGX_InitRequest(&request, -1, 0);
    for (;;) {
        struct epoll_event event;
        if (epoll_wait(set, &event, 1, -1) != 1) continue;
        if (event.data.fd != listener) {
            serve_one(&request, event.data.fd, own);
            continue;
        }
        int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (connection >= 0) watch(EPOLL_CTL_ADD, connection);
    }
    return NULL;
}

void serve_events(int socket, int threads, void *(*prepare)(void), void (*answer)(FCGX_Request *, void *)) {
    listener = socket;
    prepare_thread = prepare;
    answer_request = answer;
    // Another process may be faster to accept.
    fcntl(listener, F_SETFL, O_NONBLOCK);
    set = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.fd = listener};
    epoll_ctl(set, EPOLL_CTL_ADD, listener, &event);

    pthread_t others[threads];
    for (int index = 1; index < threads; index++) pthread_create(&others[index], NULL, run_thread, NULL);
    run_thread(NULL);
}
