// SPDX-License-Identifier: MIT
// Crashes on purpose. Whoever runs the tests must see a failure; otherwise no
// other test's success means anything.

#include <stddef.h>

int main(void)
{
    volatile int *volatile nowhere = NULL;

    *nowhere = 1;
    return 0;
}
