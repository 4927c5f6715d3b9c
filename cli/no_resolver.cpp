// What OpenSSL would call to look up names and to load modules, and must not: a static program that
// does either needs the very glibc it was built with, on every node. Only numeric addresses are
// connected to, and no configuration is read, so nothing of this is ever called; but the linker
// would take glibc's, and warn.
#include <netdb.h>

extern "C" {

int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**) { return EAI_FAIL; }
void freeaddrinfo(addrinfo*) noexcept {}
hostent* gethostbyname(const char*) { return nullptr; }
void* __wrap_dlopen(const char*, int) noexcept { return nullptr; }  // the linker's --wrap

}  // extern "C"
