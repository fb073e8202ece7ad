/* Vectors of 16 lanes, which the compiler lowers to the registers of the target. */
#ifndef MK_VECTOR_H
#define MK_VECTOR_H

#include <math.h>
#include <string.h>

#include "../include/CMoultKernels.h"

/* a * b + c is fused only where MK_FMA is written: otherwise the three versions would give different bits. */
#pragma STDC FP_CONTRACT OFF

#define MK_LANES 16
typedef float f32x16 __attribute__((vector_size(64)));
typedef int32_t i32x16 __attribute__((vector_size(64)));
typedef uint32_t u32x16 __attribute__((vector_size(64)));
typedef uint64_t u64x8 __attribute__((vector_size(64)));
typedef float f32x8 __attribute__((vector_size(32)));
typedef int8_t i8x16 __attribute__((vector_size(16)));
typedef int32_t i32x8 __attribute__((vector_size(32)));
typedef uint32_t u32x8 __attribute__((vector_size(32)));
typedef double f64x8 __attribute__((vector_size(64)));
typedef int64_t i64x8 __attribute__((vector_size(64)));
typedef float f32x16_unaligned __attribute__((vector_size(64), aligned(4)));

/* Vectors are passed only between functions that are always inlined: no calling convention is involved. */
#pragma clang diagnostic ignored "-Wpsabi"
#define MK_INLINE static inline __attribute__((always_inline, unused))
#define MK_LOAD(p) ((f32x16) * (const f32x16_unaligned *)(p))
#define MK_STORE(p, v) (*(f32x16_unaligned *)(p) = (v))
/* x in all lanes: x - 0 is x for every x, including -0, so that the compiler removes the subtraction. */
#define MK_SPLAT(x) ((f32x16)((float)(x) - (f32x16){0}))
#define MK_SELECT(mask, a, b) ((f32x16)(((i32x16)(mask) & (i32x16)(a)) | (~(i32x16)(mask) & (i32x16)(b))))
#define MK_SPLAT64(x) ((f64x8)((double)(x) - (f64x8){0}))
#define MK_SELECT64(mask, a, b) ((f64x8)(((i64x8)(mask) & (i64x8)(a)) | (~(i64x8)(mask) & (i64x8)(b))))
#define MK_FMA(a, b, c) __builtin_elementwise_fma(a, b, c)

#define MK_CONCAT_(a, b) a##_##b
#define MK_CONCAT(a, b) MK_CONCAT_(a, b)
/* MK(name) is the name of this instruction set's version inside a template. */
#define MK(name) MK_CONCAT(name, MK_SUFFIX)

#if defined(__x86_64__)
#define MK_CHOOSE(name, ...)                                     \
  switch (mk_isa()) {                                            \
    case MK_ISA_AVX512: name##_avx512(__VA_ARGS__); break;       \
    case MK_ISA_AVX2: name##_avx2(__VA_ARGS__); break;           \
    default: name##_portable(__VA_ARGS__);                       \
  }
#else
#define MK_CHOOSE(name, ...) name##_portable(__VA_ARGS__)
#endif

#endif
