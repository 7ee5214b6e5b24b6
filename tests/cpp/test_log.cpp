/* SPDX-License-Identifier: MIT */
/* The macros of log.h in C++: what they write is read again. Usage: test_log LOG, a name that is
 * free. */
#include "check.hpp"
#include "log_lines.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mapring/log_reader.h>
#include <string>
#include <string_view>

namespace
{

enum color { red = 3 };
enum class place : unsigned char { here = 200 };

/* Opens a log of that name, and reads it from the beginning. */
class log_under_test
{
  public:
    mapring_log *log = nullptr;
    mapring_log_line line = {};

    explicit log_under_test(const char *name) : name_(name)
    {
        mapring_log_reader_options options = {};
        options.from = MAPRING_OLDEST;
        options.observe = true;
        CHECK(mapring_log_open(&log, name, nullptr) == MAPRING_OK);
        CHECK(mapring_log_reader_open(&reader_, name, &options) == MAPRING_OK);
    }

    log_under_test(const log_under_test &) = delete;
    log_under_test &operator=(const log_under_test &) = delete;

    ~log_under_test()
    {
        mapring_log_reader_close(reader_);
        mapring_log_close(log);
        mapring_remove(name_, MAPRING_LOCAL, true); /* on Windows it has gone */
    }

    std::string_view next()
    {
        CHECK(mapring_log_reader_next(reader_, &line, 0) == MAPRING_OK);
        return std::string_view(line.text, line.text_bytes);
    }

    bool is_empty()
    {
        return mapring_log_reader_next(reader_, &line, 0) == MAPRING_NOTHING;
    }

  private:
    const char *name_;
    mapring_log_reader *reader_ = nullptr;
};

#define EXPECT(it, expected)                                                    \
    do {                                                                        \
        std::string text((it).next());                                          \
        if (text != (expected))                                                 \
            std::fprintf(stderr, "'%s', not '%s'\n", text.c_str(), (expected)); \
        CHECK(text == (expected));                                              \
    } while (0)

void strings_are_copied(const char *name)
{
    log_under_test it(name);
    {
        std::string gone = "a string that is freed";
        MAPRING_INFO(it.log, "%s", gone.c_str());
    }
    MAPRING_INFO(it.log, "%s", (std::string("tempo") + "rary").c_str());
    std::string_view view = std::string_view("a view of a text").substr(2, 4);
    MAPRING_INFO(it.log, "view=%.*s", static_cast<int>(view.size()), view.data());
    const char *none = nullptr;
    char array[] = "an array";
    MAPRING_INFO(it.log, "%s, %s", none, array);
    EXPECT(it, "a string that is freed");
    EXPECT(it, "temporary");
    EXPECT(it, "view=view");
    EXPECT(it, "(null), an array");
    CHECK(it.is_empty());
}

void values_have_their_types(const char *name)
{
    log_under_test it(name);
    std::size_t size = sizeof(long long) == 8 ? SIZE_MAX : 0;
    MAPRING_INFO(it.log, "%d %d %d", true, red, static_cast<int>(place::here));
    MAPRING_INFO(it.log, "%c%c %hhd %hu", 'x', static_cast<signed char>('y'),
                 static_cast<signed char>(-1), static_cast<unsigned short>(65535));
    MAPRING_INFO(it.log, "%zu %ld %llu", size, -1L, 18446744073709551615ULL);
    MAPRING_INFO(it.log, "%.3f %.2f %.1Lf", 1.5F, 2.25, 3.5L);
    MAPRING_INFO(it.log, "%p %p", static_cast<void *>(nullptr), nullptr);
    EXPECT(it, "1 3 200");
    EXPECT(it, "xy -1 65535");
    EXPECT(it, (std::to_string(SIZE_MAX) + " -1 18446744073709551615").c_str());
    EXPECT(it, "1.500 2.25 3.5");
    EXPECT(it, "(nil) (nil)");
    CHECK(it.line.value_count == 2 && it.line.values[1].type == MAPRING_LOG_POINTER);
    CHECK(it.is_empty());
}

void values_have_the_names_of_the_format(const char *name)
{
    log_under_test it(name);
    MAPRING_INFO(it.log, "order=%d of %s at price=%.1f", 7, "X", 2.5);
    EXPECT(it, "order=7 of X at price=2.5");
    CHECK(it.line.value_count == 3 && it.line.values[0].is.integer == 7);
    CHECK(std::string_view(it.line.values[0].name, it.line.values[0].name_bytes) == "order");
    CHECK(it.line.values[1].name == nullptr);
    CHECK(std::string_view(it.line.values[2].name, it.line.values[2].name_bytes) == "price");
}

void values_are_evaluated_once_or_not_at_all(const char *name)
{
    log_under_test it(name);
    int count = 0;
    MAPRING_INFO(it.log, "%d", ++count);
    MAPRING_DEBUG(it.log, "%d", ++count);
    CHECK(count == 1);
    EXPECT(it, "1");
    CHECK(it.is_empty());
}

void lambdas_and_methods_log(const char *name)
{
    log_under_test it(name);
    int captured = 5;
    auto lambda = [&](const auto &value) { MAPRING_WARN(it.log, "%d by %d", captured, value); };
    struct with_method {
        mapring_log *log;
        void method() const
        {
            MAPRING_INFO(log, "in a method");
        }
    };
    lambda(1);
    lambda('b');
    with_method{it.log}.method();
    EXPECT(it, "5 by 1");
    CHECK(it.line.level == MAPRING_LEVEL_WARN);
    CHECK(std::strcmp(it.line.function, "operator()") == 0);
    EXPECT(it, "5 by 98");
    EXPECT(it, "in a method");
    CHECK(std::strcmp(it.line.function, "method") == 0);
}

/* How many places the dictionary of the ring has. */
unsigned count_sites(const char *name)
{
    mapring_log_decoder *decoder;
    mapring_log_site site;
    unsigned count = 0;
    CHECK(mapring_log_decoder_open(&decoder, name, MAPRING_LOCAL) == MAPRING_OK);
    while (mapring_log_next_site(decoder, &site) == MAPRING_OK)
        count++;
    mapring_log_decoder_close(decoder);
    return count;
}

void templates_and_inline_functions_log(const char *name)
{
    log_under_test it(name);
    log_inline(it.log, 1);
    log_static(it.log, 1);
    log_in_other_unit(it.log);
    EXPECT(it, "inline of unit 1");
    EXPECT(it, "static of unit 1");
    EXPECT(it, "inline of unit 2");
    EXPECT(it, "static of unit 2");
    EXPECT(it, "an integer=2");
    CHECK(count_sites(name) == 3); /* the same in both units */
    log_template(it.log, 3.5);
    log_template(it.log, 4L);
    EXPECT(it, "no integer=3.5");
    CHECK(std::strcmp(it.line.function, "log_template") == 0);
    EXPECT(it, "an integer=4");
    CHECK(count_sites(name) == 4); /* the same for both types of integers */
}

} // namespace

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    strings_are_copied(argv[1]);
    values_have_their_types(argv[1]);
    values_have_the_names_of_the_format(argv[1]);
    values_are_evaluated_once_or_not_at_all(argv[1]);
    lambdas_and_methods_log(argv[1]);
    templates_and_inline_functions_log(argv[1]);
    return 0;
}
