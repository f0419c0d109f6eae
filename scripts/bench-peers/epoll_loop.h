// All threads of a process wait in one epoll set for new connections and for the next request of kept ones, so that an
// idle connection holds no thread.
#pragma once

#include <fcgiapp.h>

// Serves with so many threads, for ever. Each thread calls `prepare` once, where there is one, and gives what it returned
// to `answer` with each request.
void serve_events(int listener, int threads, void *(*prepare)(void), void (*answer)(FCGX_Request *, void *));
