#include <curl/curl.h>

// libcurl's option and information calls are variadic, which Swift cannot call: one typed function for
// each type that is used.

#undef curl_easy_setopt
#undef curl_easy_getinfo

typedef size_t (*workflows_curl_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*workflows_curl_seek)(void *context, curl_off_t offset, int origin);

static inline CURLcode workflows_curl_set_long(CURL *curl, CURLoption option, long value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode workflows_curl_set_size(CURL *curl, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode workflows_curl_set_text(CURL *curl, CURLoption option, const char *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode workflows_curl_set_pointer(CURL *curl, CURLoption option, void *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode workflows_curl_set_list(CURL *curl, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode workflows_curl_set_callback(CURL *curl, CURLoption option, workflows_curl_callback value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode workflows_curl_get_long(CURL *curl, CURLINFO information, long *value) {
    return curl_easy_getinfo(curl, information, value);
}

static inline CURLcode workflows_curl_set_seek(CURL *curl, workflows_curl_seek value, void *context) {
    CURLcode code = curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, value);
    return code != CURLE_OK ? code : curl_easy_setopt(curl, CURLOPT_SEEKDATA, context);
}
