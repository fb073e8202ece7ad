/* Compiles MK_TEMPLATE once for each instruction set. */
#define MK_SUFFIX portable
#define MK_LEVEL 0
#include MK_TEMPLATE
#undef MK_SUFFIX
#undef MK_LEVEL

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2,popcnt"))), apply_to = function)
#define MK_SUFFIX avx2
#define MK_LEVEL 1
#include MK_TEMPLATE
#undef MK_SUFFIX
#undef MK_LEVEL
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi,bmi2,popcnt"))), apply_to = function)
#define MK_SUFFIX avx512
#define MK_LEVEL 2
#include MK_TEMPLATE
#undef MK_SUFFIX
#undef MK_LEVEL
#pragma clang attribute pop
#endif
