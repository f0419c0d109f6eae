// What Swift cannot call in sqlite3.h: functions with variable arguments and
// the destructor constant SQLITE_TRANSIENT, a cast that the importer drops.
#ifndef CSQLITE_H
#define CSQLITE_H

#include <sqlite3.h>

// SQLITE_MISUSE once the library is initialised: call it before any other.
static inline int csqlite_disable_memory_statistics(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

// For those SQLITE_DBCONFIG_* that take one flag.
static inline int csqlite_set_flag(sqlite3 *database, int option, int on) {
    return sqlite3_db_config(database, option, on, (int *)0);
}

// A null pointer would bind NULL; text without bytes is an empty string.
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const unsigned char *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_text64(
        statement, index, bytes ? (const char *)bytes : "", count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

// The same for bytes.
static inline int csqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_blob64(statement, index, bytes ? bytes : "", count, SQLITE_TRANSIENT);
}

#endif
