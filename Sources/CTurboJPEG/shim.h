#ifndef MOULT_CTURBOJPEG_SHIM_H
#define MOULT_CTURBOJPEG_SHIM_H
#include <turbojpeg.h>
#endif
