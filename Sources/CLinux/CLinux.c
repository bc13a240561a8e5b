#ifndef _GNU_SOURCE
#define _GNU_SOURCE // accept4
#endif
#include "CLinux.h"
#include <stddef.h>
#include <sys/eventfd.h>

int clinux_accept4(int listener, struct sockaddr *address, socklen_t *length) {
    return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int clinux_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
