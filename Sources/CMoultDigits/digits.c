// The bundled digits, embedded so that a copied binary needs no file beside it. Made by Scripts/make_digits.py.

#include "CMoultDigits.h"

// #embed is C23. Clang takes it in every C mode and only says so; that one remark is silenced, for these lines alone.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

const unsigned char mk_digits_train_images[] = {
#embed "Data/train-images-10k-idx3-ubyte.gz"
};

const unsigned char mk_digits_train_labels[] = {
#embed "Data/train-labels-10k-idx1-ubyte.gz"
};

const unsigned char mk_digits_test_images[] = {
#embed "Data/t10k-images-idx3-ubyte.gz"
};

const unsigned char mk_digits_test_labels[] = {
#embed "Data/t10k-labels-idx1-ubyte.gz"
};

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

const size_t mk_digits_train_images_length = sizeof(mk_digits_train_images);
const size_t mk_digits_train_labels_length = sizeof(mk_digits_train_labels);
const size_t mk_digits_test_images_length = sizeof(mk_digits_test_images);
const size_t mk_digits_test_labels_length = sizeof(mk_digits_test_labels);
