// The static answer from the loop of epoll_loop.c.
#include "answer.h"
#include "epoll_loop.h"
#include "processes.h"

#include <stddef.h>

static void answer(FCGX_Request *request, void *unused) {
    (void)unused;
    FCGX_PutStr(ANSWER, sizeof ANSWER - 1, request->out);
}

static void serve(int listener, int threads) {
    serve_events(listener, threads, NULL, answer);
}

int main(int argc, char **argv) {
    return run_processes(argc, argv, serve);
}
