/* SPDX-License-Identifier: MIT */
/* A sink for spdlog: each message becomes a record, formatted as the logger's pattern says, without a
 * line end. What was logged survives the process, however it ends. The ring drops and counts what has
 * no room, so that logging never waits; readers are told what is missing. */
#ifndef MAPRING_SPDLOG_SINK_HPP
#define MAPRING_SPDLOG_SINK_HPP

#include <mapring/mapring.hpp>
#include <mutex>
#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <string>

template <typename Mutex> class mapring_sink final : public spdlog::sinks::base_sink<Mutex>
{
  public:
    /* Becomes the producer of the ring. spdlog's own way to fail is to throw. */
    explicit mapring_sink(const char *ring, std::uint64_t capacity_bytes = 0)
    {
        mapring_options options = {};
        options.when_full = MAPRING_DROP;
        options.capacity_bytes = capacity_bytes;
        if (!producer_.open(ring, options))
            throw spdlog::spdlog_ex(std::string(mapring::last_error()));
        this->set_pattern("%Y-%m-%d %H:%M:%S.%e %n %l %v");
    }

  protected:
    void sink_it_(const spdlog::details::log_msg &message) override
    {
        spdlog::memory_buf_t line;
        this->formatter_->format(message, line);
        std::string_view text(line.data(), line.size());
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
            text.remove_suffix(1);
        send(text);
    }

    void flush_() override
    {
    } /* a record is visible at once */

  private:
    /* Text that is longer than a record goes in parts, which `mapring recv` joins again. */
    void send(std::string_view text)
    {
        std::size_t limit = producer_.record_limit();
        mapring::result result = MAPRING_OK;
        for (; text.size() > limit; text.remove_prefix(limit))
            result = producer_.send_part(text.substr(0, limit), 0);
        result = producer_.send(text, 0);
        if (result.failed())
            throw spdlog::spdlog_ex(std::string(mapring::last_error()));
    }

    mapring::producer producer_;
};

using mapring_sink_mt = mapring_sink<std::mutex>;
using mapring_sink_st = mapring_sink<spdlog::details::null_mutex>;

#endif
