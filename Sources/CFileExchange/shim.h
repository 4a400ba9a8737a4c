#pragma once

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Exchanges what the two names stand for, in one step: renameat2(2), which Swift's Glibc does not show. */
static inline int exchange_names(const char *one, const char *other) {
    const unsigned int exchange = 1u << 1; /* RENAME_EXCHANGE */
    return (int)syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, exchange);
}
