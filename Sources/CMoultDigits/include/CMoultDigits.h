#ifndef CMOULTDIGITS_H
#define CMOULTDIGITS_H

#include <stddef.h>

// The bundled sample of MNIST as gzip-compressed IDX files: the first 10,000 training samples and the whole test set.
// Source, licence and sums: Data/README.md.
//
// Swift does not import arrays of unknown length, so that each is reached through a function.

extern const unsigned char mk_digits_train_images[];
extern const unsigned char mk_digits_train_labels[];
extern const unsigned char mk_digits_test_images[];
extern const unsigned char mk_digits_test_labels[];

extern const size_t mk_digits_train_images_length;
extern const size_t mk_digits_train_labels_length;
extern const size_t mk_digits_test_images_length;
extern const size_t mk_digits_test_labels_length;

static inline const unsigned char *mk_digits_train_images_bytes(void) { return mk_digits_train_images; }
static inline const unsigned char *mk_digits_train_labels_bytes(void) { return mk_digits_train_labels; }
static inline const unsigned char *mk_digits_test_images_bytes(void) { return mk_digits_test_images; }
static inline const unsigned char *mk_digits_test_labels_bytes(void) { return mk_digits_test_labels; }

#endif
