#include <sys/types.h>
#include <sys/socket.h>
#include <microhttpd.h>

// Starting the server is variadic, which Swift cannot call, and a response's memory mode is a cast.

typedef void *(*workflows_http_begin)(void *context, const char *target, struct MHD_Connection *connection);

static inline struct MHD_Daemon *workflows_http_start(
    const struct sockaddr *address, MHD_AccessHandlerCallback handler, workflows_http_begin begin,
    MHD_RequestCompletedCallback completed, MHD_NotifyConnectionCallback connection, void *context,
    unsigned int connections, size_t memory, int thread_per_connection) {
    unsigned int flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO;
    if (thread_per_connection) flags |= MHD_USE_THREAD_PER_CONNECTION;
    if (address->sa_family == AF_INET6) flags |= MHD_USE_IPv6;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, handler, context, MHD_OPTION_SOCK_ADDR, address,
        MHD_OPTION_URI_LOG_CALLBACK, begin, context, MHD_OPTION_NOTIFY_COMPLETED, completed, context,
        MHD_OPTION_NOTIFY_CONNECTION, connection, context, MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_CONNECTION_TIMEOUT, 0, MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

static inline struct MHD_Response *workflows_http_response(const void *bytes, size_t count) {
    return MHD_create_response_from_buffer(count, (void *)bytes, MHD_RESPMEM_MUST_COPY);
}

/// The descriptor of a connection, open until the callback that tells of its end has returned.
static inline int workflows_http_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *information =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return information == NULL ? -1 : information->connect_fd;
}

static inline unsigned int workflows_http_port(struct MHD_Daemon *daemon) {
    const union MHD_DaemonInfo *information = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    return information == NULL ? 0 : information->port;
}
