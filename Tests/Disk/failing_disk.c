/* Lets calls on the service's database fail, as long as a file says so: $FAULTS/CALL holds the error's number.
 * What fails is counted by a byte in $FAULTS/CALL.met. "kill" instead of a number ends the process there. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_write)(int, const void *, size_t);

__attribute__((constructor)) static void find(void) {
    real_read = dlsym(RTLD_NEXT, "read");
    real_write = dlsym(RTLD_NEXT, "write");
}

static int is_of_the_database(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, ".sqlite") != NULL;
}

static int fails(const char *call, int descriptor) {
    const char *faults = getenv("FAULTS");
    char path[4096], text[16] = "";
    if (!faults) return 0;
    snprintf(path, sizeof path, "%s/%s", faults, call);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    real_read(file, text, sizeof text - 1);
    close(file);
    if (!is_of_the_database(descriptor)) return 0;
    strcat(path, ".met");
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file >= 0) {
        real_write(file, ".", 1);
        close(file);
    }
    if (strcmp(text, "kill") == 0) raise(SIGKILL);
    errno = atoi(text);
    return 1;
}

#define WRAP(result, name, call, parameters, arguments)                         \
    result name parameters {                                                    \
        static result (*real) parameters;                                       \
        if (!real) real = dlsym(RTLD_NEXT, #name);                              \
        if (fails(call, descriptor)) return -1;                                 \
        return real arguments;                                                  \
    }

WRAP(ssize_t, write, "write", (int descriptor, const void *data, size_t count), (descriptor, data, count))
WRAP(ssize_t, pwrite, "write", (int descriptor, const void *data, size_t count, off_t at), (descriptor, data, count, at))
WRAP(ssize_t, pwrite64, "write", (int descriptor, const void *data, size_t count, off64_t at), (descriptor, data, count, at))
WRAP(ssize_t, read, "read", (int descriptor, void *data, size_t count), (descriptor, data, count))
WRAP(ssize_t, pread, "read", (int descriptor, void *data, size_t count, off_t at), (descriptor, data, count, at))
WRAP(ssize_t, pread64, "read", (int descriptor, void *data, size_t count, off64_t at), (descriptor, data, count, at))
WRAP(int, fsync, "sync", (int descriptor), (descriptor))
WRAP(int, fdatasync, "sync", (int descriptor), (descriptor))
