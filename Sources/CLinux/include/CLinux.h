#ifndef CLINUX_H
#define CLINUX_H
// Linux calls and constants that Swift's Glibc overlay does not show. The header itself does not
// define _GNU_SOURCE: types would then differ from the ones that other C modules import.
#include <sys/epoll.h>
#include <sys/socket.h>

/// accept4(2): the new descriptor is non-blocking and close-on-exec from its first moment.
int clinux_accept4(int listener, struct sockaddr *address, socklen_t *length);

/// eventfd(2), non-blocking and close-on-exec.
int clinux_eventfd(void);

/// ioctl(2), SIOCOUTQ: the bytes that a TCP peer has not acknowledged; -1 where that fails.
int clinux_unacknowledged(int socket);

#endif
