// The functions of libpq as a table that is filled at run time, so that a program does not need the library before it
// first connects: it brings twenty others with it.
#ifndef CPOSTGRESQL_H
#define CPOSTGRESQL_H

#include "../FunctionTable.h"

#include <postgresql/libpq-fe.h>

#define CPOSTGRESQL_FUNCTIONS(ITEM)                                                                                    \
    ITEM(PQbackendPID)                                                                                                 \
    ITEM(PQcancel)                                                                                                     \
    ITEM(PQclear)                                                                                                      \
    ITEM(PQcmdTuples)                                                                                                  \
    ITEM(PQconnectPoll)                                                                                                \
    ITEM(PQconnectStartParams)                                                                                         \
    ITEM(PQconsumeInput)                                                                                               \
    ITEM(PQenterPipelineMode)                                                                                          \
    ITEM(PQerrorMessage)                                                                                               \
    ITEM(PQfinish)                                                                                                     \
    ITEM(PQflush)                                                                                                      \
    ITEM(PQfreeCancel)                                                                                                 \
    ITEM(PQftype)                                                                                                      \
    ITEM(PQgetCancel)                                                                                                  \
    ITEM(PQgetisnull)                                                                                                  \
    ITEM(PQgetlength)                                                                                                  \
    ITEM(PQgetResult)                                                                                                  \
    ITEM(PQgetvalue)                                                                                                   \
    ITEM(PQisBusy)                                                                                                     \
    ITEM(PQlibVersion)                                                                                                 \
    ITEM(PQnfields)                                                                                                    \
    ITEM(PQntuples)                                                                                                    \
    ITEM(PQpipelineSync)                                                                                               \
    ITEM(PQresultErrorField)                                                                                           \
    ITEM(PQresultStatus)                                                                                               \
    ITEM(PQsendPrepare)                                                                                                \
    ITEM(PQsendQueryParams)                                                                                            \
    ITEM(PQsendQueryPrepared)                                                                                          \
    ITEM(PQserverVersion)                                                                                              \
    ITEM(PQsetnonblocking)                                                                                             \
    ITEM(PQsetNoticeReceiver)                                                                                          \
    ITEM(PQsocket)                                                                                                     \
    ITEM(PQsslInUse)                                                                                                   \
    ITEM(PQstatus)                                                                                                     \
    ITEM(PQtransactionStatus)

// The fields of an error, which are character literals that Swift does not import.
enum {
    CPOSTGRESQL_SEVERITY = PG_DIAG_SEVERITY_NONLOCALIZED,
    CPOSTGRESQL_STATE = PG_DIAG_SQLSTATE,
    CPOSTGRESQL_MESSAGE = PG_DIAG_MESSAGE_PRIMARY,
    CPOSTGRESQL_TABLE = PG_DIAG_TABLE_NAME,
    CPOSTGRESQL_COLUMN = PG_DIAG_COLUMN_NAME,
    CPOSTGRESQL_CONSTRAINT = PG_DIAG_CONSTRAINT_NAME,
};

FUNCTION_TABLE(cpostgresql, CPOSTGRESQL_FUNCTIONS)

// What only who listens to notifications needs.
#define CPOSTGRESQL_LISTENING_FUNCTIONS(ITEM)                                                                          \
    ITEM(PQfreemem)                                                                                                    \
    ITEM(PQnotifies)

FUNCTION_TABLE(cpostgresql_listening, CPOSTGRESQL_LISTENING_FUNCTIONS)

#endif
