/* SPDX-License-Identifier: MIT */
/* Ends a test whose condition does not hold, with what mapring said last. */
#ifndef MAPRING_TESTS_CHECK_HPP
#define MAPRING_TESTS_CHECK_HPP

#include <cstdio>
#include <cstdlib>
#include <mapring/mapring.h>

#define CHECK(condition)                                                                    \
    ((condition) ? static_cast<void>(0)                                                     \
                 : (std::fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #condition, \
                                 mapring_last_error()->text),                               \
                    std::exit(1)))

#endif
