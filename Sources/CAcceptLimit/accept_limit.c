#define _GNU_SOURCE
#include "accept_limit.h"
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int first_refused = INT_MAX;
static atomic_ulong refused;

void accept_limit_set(int descriptor) { atomic_store(&first_refused, descriptor); }

unsigned long accept_limit_refused(void) { return atomic_load(&refused); }

// Takes the place of the C library's for the whole process, libzmq included, which has no limit of its own.
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags) {
    int connection = (int)syscall(SYS_accept4, socket, address, length, flags);
    if (connection < atomic_load(&first_refused)) {
        if (connection >= 0 || (errno != EMFILE && errno != ENFILE)) return connection;
        // libzmq ends the process by an assertion where an ipc endpoint has no descriptor left.
    } else {
        close(connection);
    }
    atomic_fetch_add(&refused, 1);
    errno = ECONNABORTED;
    return -1;
}
