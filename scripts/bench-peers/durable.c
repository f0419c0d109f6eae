// Commits one row for each POST with synchronous=FULL, from the loop of epoll_loop.c, and answers as if that were all.
//
// The database is $BENCH_DATABASE, which exists. Each thread has a connection of its own. Writers take a mutex that all
// processes share before they begin, which is faster than SQLite's own waiting: it sleeps and asks again.
#define _GNU_SOURCE
#include "epoll_loop.h"
#include "processes.h"

#include <fcgiapp.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define MADE \
    "{\"data\":{\"id\":\"0192f7a4-6b1c-7d3e-8f25-3c4b5a697887\",\"name\":\"bench\",\"access\":\"write\"," \
    "\"token\":\"gh_k_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"created_at\":\"2025-01-31T12:34:56.123456Z\"," \
    "\"last_used_at\":null,\"expires_at\":null}}"

typedef struct {
    sqlite3 *database;
    sqlite3_stmt *begin, *insert, *commit;
} Session;

static pthread_mutex_t *write_lock;

static void check(sqlite3 *database, int code) {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    fprintf(stderr, "%s\n", sqlite3_errmsg(database));
    exit(1);
}

static void *open_session(void) {
    Session *session = calloc(1, sizeof *session);
    check(NULL, sqlite3_open_v2(getenv("BENCH_DATABASE"), &session->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
    sqlite3 *database = session->database;
    sqlite3_busy_timeout(database, 10000);
    check(database, sqlite3_exec(database, "PRAGMA synchronous = FULL", NULL, NULL, NULL));
    check(database, sqlite3_prepare_v2(database, "BEGIN IMMEDIATE", -1, &session->begin, NULL));
    check(database, sqlite3_prepare_v2(database, "INSERT INTO entries (name, text) VALUES (randomblob(16), ?1)", -1,
                                       &session->insert, NULL));
    check(database, sqlite3_prepare_v2(database, "COMMIT", -1, &session->commit, NULL));
    return session;
}

static void run(Session *session, sqlite3_stmt *statement) {
    check(session->database, sqlite3_step(statement));
    check(session->database, sqlite3_reset(statement));
}

static void answer(FCGX_Request *request, void *own) {
    Session *session = own;
    const char *method = FCGX_GetParam("REQUEST_METHOD", request->envp);
    if (method && strcmp(method, "POST") == 0) {
        char body[4096];
        int count = FCGX_GetStr(body, sizeof body, request->in);
        sqlite3_bind_text(session->insert, 1, body, count, SQLITE_STATIC);
        pthread_mutex_lock(write_lock);
        run(session, session->begin);
        run(session, session->insert);
        run(session, session->commit);
        pthread_mutex_unlock(write_lock);
    }
    FCGX_FPrintF(request->out, "Status: %s\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s",
                 method && strcmp(method, "POST") == 0 ? "201" : "200", (int)sizeof MADE - 1, MADE);
}

static void serve(int listener, int threads) {
    serve_events(listener, threads, open_session, answer);
}

int main(int argc, char **argv) {
    write_lock = mmap(NULL, sizeof *write_lock, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(write_lock, &attributes);
    return run_processes(argc, argv, serve);
}
