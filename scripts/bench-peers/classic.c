// libfcgi as its manual shows it: every thread accepts and serves one connection at a time, kept ones until they close.
// No lock around FCGX_Accept_r: the kernel shares a listening socket out well enough.
#include "answer.h"
#include "processes.h"

#include <fcgiapp.h>
#include <pthread.h>
#include <stdint.h>

static void *serve_requests(void *listener) {
    FCGX_Request request;
    FCGX_InitRequest(&request, (int)(intptr_t)listener, 0);
    while (FCGX_Accept_r(&request) == 0) FCGX_PutStr(ANSWER, sizeof ANSWER - 1, request.out);
    return NULL;
}

static void serve(int listener, int threads) {
    pthread_t others[threads];
    for (int index = 1; index < threads; index++)
        pthread_create(&others[index], NULL, serve_requests, (void *)(intptr_t)listener);
    serve_requests((void *)(intptr_t)listener);
}

int main(int argc, char **argv) {
    return run_processes(argc, argv, serve);
}
