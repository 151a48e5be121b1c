// wcwidth is declared only with this, and a header cannot ask for it on behalf of Swift's Glibc module.
#define _XOPEN_SOURCE 700
#include <wchar.h>

#include "cncurses.h"

int tm_wcwidth(uint32_t scalar) { return wcwidth((wchar_t)scalar); }
