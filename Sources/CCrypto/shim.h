#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

// HMAC by name, because OpenSSL's own headers are more than Swift has to read at each call.

static inline int workflows_hmac_sha1(
    const void *key, int key_count, const unsigned char *bytes, size_t count, unsigned char code[20]) {
    unsigned int length = 20;
    return HMAC(EVP_sha1(), key, key_count, bytes, count, code, &length) != NULL && length == 20;
}
