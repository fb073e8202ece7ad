#ifndef MOULT_CPNG_SHIM_H
#define MOULT_CPNG_SHIM_H
#include <png.h>
#endif
