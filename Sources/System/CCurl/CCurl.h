// The functions of libcurl as a table that is filled at run time, as it brings thirty other libraries with it and only mail and
// webhooks need it; and what Swift cannot call in curl.h: functions with variable arguments, and socket addresses that are
// longer than their type says. Each is a static inline wrapper of the one form that is needed, so there is no C file to build.
#ifndef GATEHOUSE_CCURL_H
#define GATEHOUSE_CCURL_H

// The macros behind curl_easy_setopt look at constants; here the option is an argument.
#define CURL_DISABLE_TYPECHECK 1
#include "../FunctionTable.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define CCURL_FUNCTIONS(ITEM)                                                                                          \
    ITEM(curl_easy_cleanup)                                                                                            \
    ITEM(curl_easy_getinfo)                                                                                            \
    ITEM(curl_easy_init)                                                                                               \
    ITEM(curl_easy_perform)                                                                                            \
    ITEM(curl_easy_reset)                                                                                              \
    ITEM(curl_easy_setopt)                                                                                             \
    ITEM(curl_easy_strerror)                                                                                           \
    ITEM(curl_global_init)                                                                                             \
    ITEM(curl_slist_append)                                                                                            \
    ITEM(curl_slist_free_all)                                                                                          \
    ITEM(curl_version_info)

FUNCTION_TABLE(ccurl, CCURL_FUNCTIONS)

typedef const struct ccurl_functions *ccurl_table;

static inline CURLcode ccurl_set_number(ccurl_table curl, CURL *handle, CURLoption option, long value) {
    return curl->curl_easy_setopt(handle, option, value);
}

// Such as 7.88.1; a text of the library's own.
static inline const char *ccurl_version(ccurl_table curl) { return curl->curl_version_info(CURLVERSION_NOW)->version; }

// libcurl copies the text.
static inline CURLcode ccurl_set_text(ccurl_table curl, CURL *handle, CURLoption option, const char *text) {
    return curl->curl_easy_setopt(handle, option, text);
}

// For objects that stay the caller's: lists, buffers, what a callback is handed.
static inline CURLcode ccurl_set_pointer(ccurl_table curl, CURL *handle, CURLoption option, void *pointer) {
    return curl->curl_easy_setopt(handle, option, pointer);
}

static inline CURLcode ccurl_set_size(ccurl_table curl, CURL *handle, CURLoption option, curl_off_t size) {
    return curl->curl_easy_setopt(handle, option, size);
}

static inline CURLcode ccurl_set_reader(ccurl_table curl, CURL *handle, curl_read_callback reader, void *context) {
    CURLcode code = curl->curl_easy_setopt(handle, CURLOPT_READDATA, context);
    return code != CURLE_OK ? code : curl->curl_easy_setopt(handle, CURLOPT_READFUNCTION, reader);
}

static inline CURLcode ccurl_set_writer(ccurl_table curl, CURL *handle, curl_write_callback writer, void *context) {
    CURLcode code = curl->curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
    return code != CURLE_OK ? code : curl->curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, writer);
}

static inline CURLcode ccurl_set_line_reader(ccurl_table curl, CURL *handle, curl_write_callback reader, void *context) {
    CURLcode code = curl->curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
    return code != CURLE_OK ? code : curl->curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, reader);
}

static inline CURLcode ccurl_set_progress(ccurl_table curl, CURL *handle, curl_xferinfo_callback progress, void *context) {
    CURLcode code = curl->curl_easy_setopt(handle, CURLOPT_XFERINFODATA, context);
    if (code == CURLE_OK) code = curl->curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, progress);
    return code != CURLE_OK ? code : curl->curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
}

static inline CURLcode ccurl_set_socket_opener(ccurl_table curl, CURL *handle, curl_opensocket_callback opener, void *context) {
    CURLcode code = curl->curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, context);
    return code != CURLE_OK ? code : curl->curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, opener);
}

static inline CURLcode ccurl_number(ccurl_table curl, CURL *handle, CURLINFO info, long *value) {
    return curl->curl_easy_getinfo(handle, info, value);
}

static inline CURLcode ccurl_size(ccurl_table curl, CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl->curl_easy_getinfo(handle, info, value);
}

// The bytes of the address that is about to be connected to: 4 or 16 of them, or 0 where it is neither IPv4 nor IPv6.
static inline int ccurl_address(const struct curl_sockaddr *address, unsigned char bytes[16]) {
    const void *place = &address->addr;
    if (address->family == AF_INET && address->addrlen >= sizeof(struct sockaddr_in)) {
        memcpy(bytes, &((const struct sockaddr_in *)place)->sin_addr, 4);
        return 4;
    }
    if (address->family == AF_INET6 && address->addrlen >= sizeof(struct sockaddr_in6)) {
        memcpy(bytes, &((const struct sockaddr_in6 *)place)->sin6_addr, 16);
        return 16;
    }
    return 0;
}

// The bytes of an address in text: 4 or 16 of them, or 0 where it is none.
static inline int ccurl_read_address(const char *text, unsigned char bytes[16]) {
    if (inet_pton(AF_INET, text, bytes) == 1) return 4;
    return inet_pton(AF_INET6, text, bytes) == 1 ? 16 : 0;
}

static inline curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address) {
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

#endif
