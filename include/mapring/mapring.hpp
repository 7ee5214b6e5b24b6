/* SPDX-License-Identifier: MIT */
/*
 * mapring in C++17: what mapring.h says holds here, too, and its functions stand behind each name.
 * Handles close themselves, records can be looked at as text, bytes or objects, and nothing throws:
 * every call returns a mapring::result, which is true if it is MAPRING_OK. A hot loop executes as
 * many instructions as the same loop in C.
 *
 *     mapring::consumer consumer;
 *     if (!consumer.open("telemetry"))
 *         return complain(mapring_last_error()->text);
 *     for (auto &record : consumer.records())
 *         std::cout << record.text() << '\n';
 */
#ifndef MAPRING_HPP
#define MAPRING_HPP

#include <mapring/mapring.h>
#include <mapring/merge.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#if __has_include(<version>)
#include <version>
#endif
#ifdef __cpp_lib_span
#include <span>
#endif

/* Marks functions that must not be there any more after compilation: without it, clang leaves a call
 * of what has become long by inlining. */
#ifdef __GNUC__
#define MAPRING_THIN __attribute__((always_inline))
#else
#define MAPRING_THIN
#endif

namespace mapring
{

/* What a call came to: an enum mapring_result. */
class [[nodiscard]] result
{
  public:
    constexpr result(int code) noexcept : code_(code)
    {
    }

    constexpr explicit operator bool() const noexcept
    {
        return code_ == MAPRING_OK;
    }
    constexpr bool failed() const noexcept
    {
        return code_ < 0;
    }
    constexpr int code() const noexcept
    {
        return code_;
    }
    std::string_view text() const noexcept
    {
        return mapring_result_text(code_);
    }

    friend constexpr bool operator==(result a, result b) noexcept
    {
        return a.code_ == b.code_;
    }
    friend constexpr bool operator!=(result a, result b) noexcept
    {
        return a.code_ != b.code_;
    }

  private:
    int code_;
};

/* The last failure of this thread, in a sentence. */
inline std::string_view last_error() noexcept
{
    return mapring_last_error()->text;
}

/* The view of a payload differs between standards, so all that has one in it has two names. */
#ifdef __cpp_lib_span
inline namespace with_span
{
using bytes_view = std::span<const std::byte>;
#else
inline namespace without_span
{
class bytes_view
{
  public:
    constexpr bytes_view() noexcept = default;
    constexpr bytes_view(const std::byte *data, std::size_t size) noexcept
        : data_(data), size_(size)
    {
    }

    constexpr const std::byte *data() const noexcept
    {
        return data_;
    }
    constexpr std::size_t size() const noexcept
    {
        return size_;
    }
    constexpr bool empty() const noexcept
    {
        return size_ == 0;
    }
    constexpr const std::byte *begin() const noexcept
    {
        return data_;
    }
    constexpr const std::byte *end() const noexcept
    {
        return data_ + size_;
    }
    constexpr const std::byte &operator[](std::size_t i) const noexcept
    {
        return data_[i];
    }

  private:
    const std::byte *data_ = nullptr;
    std::size_t size_ = 0;
};
#endif

/* A record, in place: valid until it is released. The fields are those of mapring_record. */
struct record : mapring_record {
    std::string_view text() const noexcept
    {
        return {static_cast<const char *>(payload), mapring_record::bytes};
    }

    bytes_view view() const noexcept
    {
        return {static_cast<const std::byte *>(payload), mapring_record::bytes};
    }

    /* The payload as an object of that type, or nullptr if it has another size, or is not aligned
     * as the type must be. */
    template <typename T> const T *as() const noexcept
    {
        static_assert(std::is_trivially_copyable_v<T>, "only such objects can be in a ring");
        if (mapring_record::bytes != sizeof(T))
            return nullptr;
        if constexpr (alignof(T) > 8)
            if (reinterpret_cast<std::uintptr_t>(payload) % alignof(T) != 0)
                return nullptr;
#ifdef __GNUC__
        if (!payload) /* never, so that the caller's test of the result is the one above */
            __builtin_unreachable();
#endif
        return static_cast<const T *>(payload);
    }
};

namespace detail
{

template <typename T> inline constexpr bool is_span = false;
#ifdef __cpp_lib_span
template <typename T, std::size_t n> inline constexpr bool is_span<std::span<T, n>> = true;
#endif

template <typename T, void (*close)(T *)> struct closer {
    void operator()(T *handle) const noexcept
    {
        close(handle);
    }
};

/* What all handles are: owned by one, and closed at its end. */
template <typename T, void (*close_handle)(T *)> class handle
{
  public:
    T *get() const noexcept
    {
        return handle_.get();
    }
    explicit operator bool() const noexcept
    {
        return handle_ != nullptr;
    }
    void close() noexcept
    {
        handle_.reset();
    }

  protected:
    /* `open` is called with the address for the new handle; an old one has been closed. */
    template <typename Open> result open_by(Open open) noexcept
    {
        T *opened = nullptr;
        close();
        int code = open(&opened);
        handle_.reset(opened);
        return code;
    }

  private:
    std::unique_ptr<T, closer<T, close_handle>> handle_;
};

/* Records one after the other, each released before the next one, for a range-based for loop. It
 * ends with the first result that is not a record, which result() then returns. */
class records
{
  public:
    struct sentinel {
    };

    /* Just what such a loop needs. It calls next() in one place and release() in one, so that they
     * are inlined, and has no address that the library knows, so that it can stay in registers. */
    class cursor
    {
      public:
        explicit cursor(records &source) noexcept
            : source_(source), consumer_(source.consumer_), timeout_ns_(source.timeout_ns_)
        {
        }
        cursor(const cursor &) = delete;
        cursor &operator=(const cursor &) = delete;

        /* A record at which a loop was left counts as read. */
        MAPRING_THIN ~cursor() noexcept
        {
            source_.code_ = code_;
            if (code_ == MAPRING_OK)
                mapring_consumer_release(consumer_);
        }

        MAPRING_THIN bool operator!=(sentinel) noexcept
        {
            if (code_ != MAPRING_OK)
                return false;
            code_ = mapring_consumer_next(consumer_, &source_.record_, timeout_ns_);
            return code_ == MAPRING_OK;
        }
        MAPRING_THIN const record &operator*() const noexcept
        {
            return source_.record_;
        }
        MAPRING_THIN void operator++() noexcept
        {
            code_ = mapring_consumer_release(consumer_);
        }

      private:
        records &source_;
        mapring_consumer *consumer_;
        std::int64_t timeout_ns_;
        int code_ = MAPRING_OK;
    };

    records(mapring_consumer *consumer, std::int64_t timeout_ns) noexcept
        : consumer_(consumer), timeout_ns_(timeout_ns)
    {
    }
    records(const records &) = delete;
    records &operator=(const records &) = delete;

    cursor begin() noexcept
    {
        return cursor(*this);
    }
    sentinel end() const noexcept
    {
        return {};
    }

    /* MAPRING_OK if the loop was left before the end. */
    mapring::result result() const noexcept
    {
        return code_;
    }

    /* What is missing, if result() is MAPRING_LOST. */
    const record &lost() const noexcept
    {
        return record_;
    }

  private:
    mapring_consumer *consumer_;
    std::int64_t timeout_ns_;
    record record_;
    int code_ = MAPRING_OK;
};

} // namespace detail

/* A ring that is kept open, or looked at. */
class ring : public detail::handle<mapring_ring, mapring_close>
{
  public:
    result open(const char *name, const mapring_options &options = {}) noexcept
    {
        return open_by([&](mapring_ring **made) { return mapring_open(made, name, &options); });
    }

    result stat(struct mapring_stat &stat) const noexcept
    {
        return mapring_stat(get(), &stat);
    }
};

/* The place of a record, which is aborted unless it is committed. False if there was no place:
 * result() says why. */
class reservation
{
  public:
    MAPRING_THIN reservation(mapring_producer *producer, std::size_t bytes,
                             std::int64_t timeout_ns) noexcept
        : producer_(producer), size_(bytes),
          code_(mapring_producer_reserve(producer, bytes, &place_, timeout_ns))
    {
    }
    reservation(const reservation &) = delete;
    reservation &operator=(const reservation &) = delete;
    MAPRING_THIN ~reservation() noexcept
    {
        if (*this)
            mapring_producer_abort(producer_);
    }

    explicit operator bool() const noexcept
    {
        return code_ == MAPRING_OK;
    }
    mapring::result result() const noexcept
    {
        return code_;
    }
    std::byte *data() const noexcept
    {
        return static_cast<std::byte *>(place_);
    }
    std::size_t size() const noexcept
    {
        return size_;
    }

    /* Commits the first `bytes` bytes, at most as many as were reserved. */
    MAPRING_THIN mapring::result commit(std::size_t bytes) noexcept
    {
        return end(code_ == MAPRING_OK ? mapring_producer_commit(producer_, bytes) : code_);
    }
    MAPRING_THIN mapring::result commit() noexcept
    {
        return commit(size_);
    }
    mapring::result commit_part(std::size_t bytes) noexcept
    {
        return end(code_ == MAPRING_OK ? mapring_producer_commit_part(producer_, bytes) : code_);
    }

  private:
    /* After a commit that was refused, the reservation is still there. */
    MAPRING_THIN mapring::result end(int code) noexcept
    {
        if (code == MAPRING_OK)
            code_ = MAPRING_ERROR_NOTHING_HELD;
        return code;
    }

    mapring_producer *producer_;
    void *place_ = nullptr;
    std::size_t size_;
    int code_;
};

class producer : public detail::handle<mapring_producer, mapring_producer_close>
{
  public:
    result open(const char *name, const mapring_options &options = {}) noexcept
    {
        return open_by(
            [&](mapring_producer **made) { return mapring_producer_open(made, name, &options); });
    }

    std::size_t record_limit() const noexcept
    {
        return mapring_producer_record_limit(get());
    }

    MAPRING_THIN reservation reserve(std::size_t bytes,
                                     std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return reservation(get(), bytes, timeout_ns);
    }

    result send_bytes(const void *data, std::size_t bytes,
                      std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return mapring_producer_send(get(), data, bytes, timeout_ns);
    }

    result send(std::string_view text, std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return send_bytes(text.data(), text.size(), timeout_ns);
    }

    result send(bytes_view bytes, std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return send_bytes(bytes.data(), bytes.size(), timeout_ns);
    }

    /* Sends an object as it lies in memory. */
    template <typename T,
              typename = std::enable_if_t<!std::is_convertible_v<const T &, std::string_view> &&
                                          !std::is_convertible_v<const T &, bytes_view>>>
    MAPRING_THIN result send(const T &value, std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        static_assert(std::is_trivially_copyable_v<T>, "only such objects can be in a ring");
        static_assert(!std::is_pointer_v<T> && !detail::is_span<T>,
                      "this would send an address; use send_bytes()");
        void *place = nullptr;
        int code = mapring_producer_reserve(get(), sizeof value, &place, timeout_ns);
        if (code != MAPRING_OK)
            return code;
        std::memcpy(place, &value, sizeof value);
        return mapring_producer_commit(get(), sizeof value);
    }

    result send_part(std::string_view text, std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return mapring_producer_send_part(get(), text.data(), text.size(), timeout_ns);
    }

    result send_batch(const mapring_buffer *records, std::size_t count,
                      std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return mapring_producer_send_batch(get(), records, count, timeout_ns);
    }

    MAPRING_PRINTF(3, 4)
    result printf(std::int64_t timeout_ns, const char *format, ...) noexcept
    {
        va_list values;
        va_start(values, format);
        int code = mapring_producer_vprintf(get(), timeout_ns, format, values);
        va_end(values);
        return code;
    }

    result wait_consumers(unsigned count, std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return mapring_producer_wait_consumers(get(), count, timeout_ns);
    }

    result drain(std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return mapring_producer_drain(get(), timeout_ns);
    }

    result quiet(bool quiet) noexcept
    {
        return mapring_producer_quiet(get(), quiet);
    }
    result wake() noexcept
    {
        return mapring_producer_wake(get());
    }
    result sync() noexcept
    {
        return mapring_producer_sync(get());
    }

    result wait_handle(mapring_handle &handle) noexcept
    {
        return mapring_producer_wait_handle(get(), &handle);
    }
    result arm(std::size_t bytes) noexcept
    {
        return mapring_producer_arm(get(), bytes);
    }
};

class consumer : public detail::handle<mapring_consumer, mapring_consumer_close>
{
  public:
    result open(const char *name, const mapring_consumer_options &options = {}) noexcept
    {
        return open_by(
            [&](mapring_consumer **made) { return mapring_consumer_open(made, name, &options); });
    }

    MAPRING_THIN result next(record &record, std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return mapring_consumer_next(get(), &record, timeout_ns);
    }

    /* The records that are there, at most as many as the array has room for. */
    template <std::size_t limit>
    result next_batch(record (&records)[limit], std::size_t &count,
                      std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        static_assert(sizeof(record) == sizeof(mapring_record), "a record adds only functions");
        return mapring_consumer_next_batch(get(), records, limit, &count, timeout_ns);
    }

    MAPRING_THIN result release() noexcept
    {
        return mapring_consumer_release(get());
    }

    detail::records records(std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return {get(), timeout_ns};
    }

    result receive(void *buffer, std::size_t bytes, record &record,
                   std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return mapring_consumer_receive(get(), buffer, bytes, &record, timeout_ns);
    }

    result wait_producer(std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return mapring_consumer_wait_producer(get(), timeout_ns);
    }

    result seek(mapring_from from, std::uint64_t sequence = 0) noexcept
    {
        return mapring_consumer_seek(get(), from, sequence);
    }

    bool is_valid() const noexcept
    {
        return mapring_consumer_is_valid(get());
    }

    result wait_handle(mapring_handle &handle) noexcept
    {
        return mapring_consumer_wait_handle(get(), &handle);
    }
    result arm() noexcept
    {
        return mapring_consumer_arm(get());
    }
};

class observer : public detail::handle<mapring_observer, mapring_observer_close>
{
  public:
    result open(const char *name, const mapring_observer_options &options = {}) noexcept
    {
        return open_by(
            [&](mapring_observer **made) { return mapring_observer_open(made, name, &options); });
    }

    result receive(void *buffer, std::size_t bytes, record &record,
                   std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return mapring_observer_receive(get(), buffer, bytes, &record, timeout_ns);
    }

    /* In place: what was read is good only if is_valid() afterwards. */
    result next(record &record, std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return mapring_observer_next(get(), &record, timeout_ns);
    }

    bool is_valid() const noexcept
    {
        return mapring_observer_is_valid(get());
    }
};

/* Several rings as one: see merge.h. */
class merge : public detail::handle<mapring_merge, mapring_merge_close>
{
  public:
    result open(const mapring_merge_options &options = {}) noexcept
    {
        return open_by([&](mapring_merge **made) { return mapring_merge_open(made, &options); });
    }

    result add(const char *name) noexcept
    {
        return mapring_merge_add(get(), name);
    }

    result next(record &record, mapring_origin &origin,
                std::int64_t timeout_ns = MAPRING_FOREVER) noexcept
    {
        return mapring_merge_next(get(), &record, &origin, timeout_ns);
    }

    result release() noexcept
    {
        return mapring_merge_release(get());
    }
    bool is_valid() const noexcept
    {
        return mapring_merge_is_valid(get());
    }
};

} // namespace with_span or without_span

} // namespace mapring

#undef MAPRING_THIN

#endif
