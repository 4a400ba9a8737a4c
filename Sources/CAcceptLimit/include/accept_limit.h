#pragma once

/// From now on no connection is accepted whose descriptor would be `descriptor` or above.
///
/// libzmq takes every connection that comes, and the process soon has no descriptor for anything else: libdispatch
/// and libzmq end it then. The kernel gives out the lowest free number, so a higher one tells that so many are open.
/// This holds for every listening socket of the process.
void accept_limit_set(int descriptor);

/// How many connections were refused, since the process started.
unsigned long accept_limit_refused(void);
