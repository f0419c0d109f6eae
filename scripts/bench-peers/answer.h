// The static answer of both peers: headers and a body like those of GET /api/v1/users/{id}, written in one piece.
#pragma once

#define BODY \
    "{\"data\":{\"id\":\"0192f7a4-6b1c-7d3e-8f25-3c4b5a697887\",\"email\":\"user42@bench.example.com\"," \
    "\"name\":\"Bench User 42\",\"role\":\"member\",\"status\":\"active\"," \
    "\"created_at\":\"2025-01-31T12:34:56.123456Z\",\"updated_at\":\"2025-01-31T12:34:56.123456Z\"}}"

#define ANSWER \
    "Status: 200\r\n" \
    "Content-Type: application/json; charset=utf-8\r\n" \
    "Content-Length: 232\r\n" \
    "Request-Id: 5f0c6f3f3b0e4c5a9d1e2f3a4b5c6d7e\r\n" \
    "API-Version: 1\r\n" \
    "ETag: \"0192f7a4-6b1c-7d3e-8f25-3c4b5a697887.1.1\"\r\n" \
    "Cache-Control: private, no-cache\r\n" \
    "Vary: Authorization, Cookie, Accept\r\n" \
    "RateLimit-Policy: \"user\";q=6000;w=60\r\n" \
    "RateLimit: \"user\";r=5999;t=4\r\n" \
    "\r\n" BODY

_Static_assert(sizeof BODY - 1 == 232, "Content-Length in ANSWER");
