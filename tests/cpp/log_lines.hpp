/* SPDX-License-Identifier: MIT */
/* Places that log in what two translation units include. */
#ifndef MAPRING_TESTS_LOG_LINES_HPP
#define MAPRING_TESTS_LOG_LINES_HPP

#include <mapring/log.h>
#include <type_traits>

/* One place in the program. */
inline void log_inline(mapring_log *log, int unit)
{
    MAPRING_INFO(log, "inline of unit %d", unit);
}

/* A place in each unit. */
static inline void log_static(mapring_log *log, int unit)
{
    MAPRING_INFO(log, "static of unit %d", unit);
}

/* A place for each type, with other values. */
template <typename T> void log_template(mapring_log *log, T value)
{
    if constexpr (std::is_integral_v<T>)
        MAPRING_INFO(log, "an integer=%lld", static_cast<long long>(value));
    else
        MAPRING_INFO(log, "no integer=%g", value);
}

/* Logs in all these ways, in another unit. */
void log_in_other_unit(mapring_log *log);

#endif
