/* SPDX-License-Identifier: MIT */
/* spdlog into a file: formatted by the caller, or by a thread of its own on another CPU. */
#include <cstdio>
#include <exception>
#include <memory>
#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include "core/os.h"
#include "logger.h"

extern "C" {
#include "shared/message.h"
}

namespace
{
constexpr std::size_t queue_lines = 8192; /* what spdlog's own thread pool has */

struct log
{
    std::shared_ptr<spdlog::details::thread_pool> pool;
    std::shared_ptr<spdlog::logger> logger;
    char path[LOGGER_PATH_BYTES];
};

std::shared_ptr<spdlog::sinks::sink> sink(log &made, const logger_setup *setup)
{
    logger_path(setup, "spdlog", made.path);
    return std::make_shared<spdlog::sinks::basic_file_sink_mt>(made.path, true);
}

void *open_sync(const logger_setup *setup)
try {
    auto made = std::make_unique<log>();
    made->logger = std::make_shared<spdlog::logger>("bench", sink(*made, setup));
    return made.release();
} catch (const std::exception &wrong) {
    complain("spdlog: %s", wrong.what());
    return nullptr;
}

void *open_async(const logger_setup *setup)
try {
    auto made = std::make_unique<log>();
    unsigned cpu = setup->spare_cpu;
    made->pool = std::make_shared<spdlog::details::thread_pool>(queue_lines, 1,
                                                                [cpu] { bench_pin(cpu); });
    made->logger = std::make_shared<spdlog::async_logger>("bench", sink(*made, setup), made->pool);
    return made.release();
} catch (const std::exception &wrong) {
    complain("spdlog: %s", wrong.what());
    return nullptr;
}

void close_log(void *closed)
{
    std::unique_ptr<log> made(static_cast<log *>(closed));
    made->logger.reset();
    made->pool.reset();
    std::remove(made->path);
}

void *enter(void *entered, unsigned)
{
    return static_cast<log *>(entered)->logger.get();
}

spdlog::logger &logger_of(void *writer)
{
    return *static_cast<spdlog::logger *>(writer);
}

void write_values(void *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        logger_of(writer).info("order {} of {} at {:.2f}", static_cast<int>(i),
                               static_cast<int>(2 * i), 0.5 * i);
}

void write_text(void *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        logger_of(writer).info("the order is {}", logger_text);
}

void write_plain(void *writer, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        logger_of(writer).info("the market is open");
}
} // namespace

const struct logger logger_spdlog = {.name = "spdlog",
                                     .title = "spdlog",
                                     .has_rings = false,
                                     .has_thread = false,
                                     .pause_ns = 3000,
                                     .open = open_sync,
                                     .close = close_log,
                                     .enter = enter,
                                     .write = {write_values, write_text, write_plain}};

/* Its thread takes about a microsecond per line: the next burst comes when it is ready again. */
const struct logger logger_spdlog_async = {.name = "spdlog-async",
                                           .title = "spdlog, asynchronous",
                                           .has_rings = false,
                                           .has_thread = true,
                                           .pause_ns = 50000,
                                           .open = open_async,
                                           .close = close_log,
                                           .enter = enter,
                                           .write = {write_values, write_text, write_plain}};
