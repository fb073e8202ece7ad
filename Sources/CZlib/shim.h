#ifndef MOULT_CZLIB_SHIM_H
#define MOULT_CZLIB_SHIM_H
#include <zlib.h>
#endif
