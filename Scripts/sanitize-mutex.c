// Tells the thread sanitizer about Synchronization.Mutex on Linux.
//
// An uncontended lock is inlined and instrumented, but a contended one is taken and released inside
// libswiftSynchronization, which is not. The sanitizer then misses the order that the lock makes and reports races inside
// `withLock`. Scripts/sanitize preloads these two functions, which call the real ones and announce the order.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

// Synchronization._MutexHandle._lockSlow(Swift.UInt32) and _unlockSlow()
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

// Absent in programs that are not sanitized, such as `swift test` itself.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

SWIFT void announced_lock(uint32_t thread, SELF void *mutex) __asm__(LOCK_SLOW);
SWIFT void announced_unlock(SELF void *mutex) __asm__(UNLOCK_SLOW);

SWIFT void announced_lock(uint32_t thread, SELF void *mutex) {
  ((SWIFT void (*)(uint32_t, SELF void *))dlsym(RTLD_NEXT, LOCK_SLOW))(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void announced_unlock(SELF void *mutex) {
  if (__tsan_release) __tsan_release(mutex);
  ((SWIFT void (*)(SELF void *))dlsym(RTLD_NEXT, UNLOCK_SLOW))(mutex);
}
