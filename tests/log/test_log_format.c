/* SPDX-License-Identifier: MIT */
/* How the values of a line are written: as the C library would, where the format fits them. */
#include "packing.h"

#include <float.h>

#include "log/long_double.h"

#define I "\1"
#define U "\2"
#define L "\3"
#define M "\4"
#define D "\5"
#define W "\6"
#define P "\7"
#define S "\10"
#define C "\11" /* a string that was cut */

static const char *plain_types(const char *types)
{
    static char plain[32];
    size_t i;
    for (i = 0; types[i]; i++)
        plain[i] = types[i] == *C ? *S : types[i];
    plain[i] = '\0';
    return plain;
}

static void put_text(struct packed *line, const char *text, bool is_cut)
{
    if (!text) {
        pack_u32(line, MAPRING1_NULL);
        return;
    }
    pack_u32(line, (uint32_t)strlen(text) | (is_cut ? MAPRING1_CUT : 0));
    pack(line, text, strlen(text));
}

/* Takes the values by their types. Reads as the C library does on Linux. */
static const char *formatted(struct packed_log *log, const char *format, const char *types, ...)
{
    struct packed line = {.count = 0};
    const struct packed site =
        packed_site(MAPRING_LEVEL_INFO, plain_types(types), format,
                    LDBL_MANT_DIG == 64    ? LONG_DOUBLE_X87
                    : LDBL_MANT_DIG == 113 ? LONG_DOUBLE_BINARY128
                                           : LONG_DOUBLE_IS_DOUBLE);
    va_list values;
    pack_u32(&line, packed_log_define(log, ENTRY_SITE, &site));
    pack_u32(&line, 0);
    va_start(values, types);
    for (const char *type = types; *type; type++) {
        double real;
        long double wide;
        unsigned char padded[16] = {0};
        switch ((unsigned char)*type) {
        case MAPRING1_INT32:
        case MAPRING1_UINT32: pack_u32(&line, va_arg(values, uint32_t)); break;
        case MAPRING1_INT64:
        case MAPRING1_UINT64:
        case MAPRING1_POINTER: pack_u64(&line, va_arg(values, uint64_t)); break;
        case MAPRING1_DOUBLE:
            real = va_arg(values, double);
            pack(&line, &real, sizeof real);
            break;
        case MAPRING1_LONG_DOUBLE:
            wide = va_arg(values, long double);
            memcpy(padded, &wide, LDBL_MANT_DIG == 64 ? 10 : sizeof wide);
            pack(&line, padded, sizeof padded);
            break;
        default: put_text(&line, va_arg(values, const char *), *type == *C);
        }
    }
    va_end(values);
    check_result(MAPRING_OK, packed_log_decode(log, &line));
    return log->line.text;
}

/* Holds a line against what the C library writes. */
#define check_like_printf(log, types, format, ...)                                   \
    do {                                                                             \
        char expected[8192];                                                         \
        snprintf(expected, sizeof expected, format, __VA_ARGS__);                    \
        check_text(expected, formatted((log), (format), (types), __VA_ARGS__));      \
    } while (0)

static void test_what_fits_is_written_as_printf_does(void **state)
{
    (void)state;
    struct packed_log log;
    packed_log_open(&log);
    check_like_printf(&log, I I I, "%d|%i|%5d", 1, -2, 3);
    check_like_printf(&log, I I I, "%-5d|%05d|%+d", 1, 2, 3);
    check_like_printf(&log, I I, "%.4d|% d", 1, 2);
    check_text("44|4464", formatted(&log, "%hhd|%hd", I I, 300, 70000));
    check_text("44|1170", formatted(&log, "%hhu|%hx", I I, 300, 70000));
    check_like_printf(&log, U U U, "%u|%x|%#o", 4000000000u, 255u, 8u);
    check_like_printf(&log, U U, "%X|%#x", 0xabcu, 0u);
    check_like_printf(&log, L L, "%lld|%jd", -5000000000LL, (intmax_t)7);
    check_like_printf(&log, M M, "%llu|%#llx", 18446744073709551615ULL, 255ULL);
    check_like_printf(&log, D D D, "%f|%.2f|%e", 1.5, 2.345, 12345.678);
    check_like_printf(&log, D D D, "%g|%#g|%a", 1e20, 1.0, 0.1);
    check_like_printf(&log, D D D, "%F|%G|%E", 1.25, 1e-9, 3.0);
    check_like_printf(&log, D D, "%lf|%10.3f", 0.5, -0.125);
    check_like_printf(&log, I I, "%c|%3c", 'x', 'y');
    check_like_printf(&log, S S S, "%s|%5s|%-5s|", "a", "b", "c");
    check_like_printf(&log, S S, "%.2s|%6.3s", "abc", "abcdef");
    check_like_printf(&log, I I, "%*d", 6, 42);
    check_like_printf(&log, I I, "%*d|", -6, 42);
    check_like_printf(&log, I D, "%.*f", 3, 1.23456);
    check_like_printf(&log, I D, "%.*f", -1, 1.23456);
    check_like_printf(&log, I I S, "%*.*s|", 8, 2, "abc");
    check_like_printf(&log, I, "100 %% and %d", 1);
    check_like_printf(&log, I, "%-3c|", 'x');
    check_text("5 7", formatted(&log, "%ld %lu", I U, 5, 7u)); /* where a long has 32 bits */
    check_like_printf(&log, I I I, "%c%-*d|", 'x', -4, 3);
    check_text("a=(nil) b=0x7f", formatted(&log, "a=%p b=%p", P P, UINT64_C(0), UINT64_C(127)));
    check_text("-5|7", formatted(&log, "%ld|%zu", L M, INT64_C(-5), UINT64_C(7)));
    packed_log_close(&log);
}

static void test_what_does_not_fit_is_shown_with_its_value(void **state)
{
    (void)state;
    struct packed_log log;
    packed_log_open(&log);
    check_text("%!d(text)", formatted(&log, "%d", S, "text"));
    check_text("%!s(5)", formatted(&log, "%s", I, 5));
    check_text("%!s(0x10)", formatted(&log, "%s", P, UINT64_C(16)));
    check_text("%!f(5)", formatted(&log, "%f", I, 5));
    check_text("%!d(2.5)", formatted(&log, "%d", D, 2.5));
    check_text("%!d(5000000000)", formatted(&log, "%d", L, INT64_C(5000000000)));
    check_text("%!d(4000000000)", formatted(&log, "%lld", U, 4000000000u));
    check_text("%!f(1.5)", formatted(&log, "%Lf", D, 1.5));
    check_text("%!f(1.5)", formatted(&log, "%hf", D, 1.5));
    check_text("%!d(2.5)", formatted(&log, "%ld", D, 2.5));
    check_text("x", formatted(&log, "%.3c", I, 'x'));
    check_text("~=5 b{=6", formatted(&log, "~=%d b{=%d", I I, 5, 6));
    check_text("%!p(5)", formatted(&log, "%p", I, 5));
    check_text("%!n", formatted(&log, "%n", ""));
    check_text("%!n and 1", formatted(&log, "%n and %d", P I, UINT64_C(4096), 1));
    check_text("%!m", formatted(&log, "%m", ""));
    check_text("%!k(1)", formatted(&log, "%k", I, 1));
    check_text("%!", formatted(&log, "%", ""));
    check_text("%!!", formatted(&log, "%!", ""));
    check_text("1 %!d(MISSING)", formatted(&log, "%d %d", I, 1));
    check_text("1%!(EXTRA 2)%!(EXTRA x)%!(EXTRA 2.5)", formatted(&log, "%d", I I S D, 1, 2, "x", 2.5));
    check_text("%!(EXTRA 0x9)%!(EXTRA 3)", formatted(&log, "", P U, UINT64_C(9), 3u));
    check_text("%!d((null))", formatted(&log, "%d", S, (const char *)NULL));
    check_text("%!d(abc...)", formatted(&log, "%d", C, "abc"));
    check_text("ab|abc...", formatted(&log, "%.2s|%s", C C, "abc", "abc"));
    check_text("A.Z=5", formatted(&log, "A.Z=%d", I, 5));
    check_text("%!Z(5)", formatted(&log, "%Z", I, 5));
    check_text("%!{%!(EXTRA 5)", formatted(&log, "%{", I, 5));
    check_text("%!*(x)1", formatted(&log, "%*d", S I, "x", 1));
    check_text("%!*(MISSING)%!d(MISSING)", formatted(&log, "%*d", ""));
    packed_log_close(&log);
}

static void test_widths_are_bounded(void **state)
{
    (void)state;
    struct packed_log log;
    packed_log_open(&log);
    check_number(4096, strlen(formatted(&log, "%999999999999d", I, 1)));
    check_number(4096, strlen(formatted(&log, "%*d", I I, INT32_MAX, 1)));
    check_number(4096, strlen(formatted(&log, "%*d", I I, INT32_MIN, 1)));
    check_number(4096, strlen(formatted(&log, "%.99999999d", I, 1)));
    check_number(4096, strlen(formatted(&log, "%5000s", S, "x")));
    check_number(4098, strlen(formatted(&log, "%.*f", I D, INT32_MAX, 1.0)));
    packed_log_close(&log);
}

static void check_names(const struct mapring_log_line *line, const char *const *names)
{
    for (size_t i = 0; i < line->value_count; i++) {
        check_number(names[i] ? strlen(names[i]) : 0, line->values[i].name_bytes);
        check(!names[i] == !line->values[i].name);
        check(!names[i] || memcmp(names[i], line->values[i].name, strlen(names[i])) == 0);
    }
}

static void test_names_of_values(void **state)
{
    (void)state;
    struct packed_log log;
    packed_log_open(&log);
    formatted(&log, "a=%d b.c-d_1=%5d, =%d (x=%d) y= %d", I I I I I, 1, 2, 3, 4, 5);
    check_names(&log.line, (const char *const[]){"a", "b.c-d_1", NULL, "x", NULL});
    formatted(&log, "w=%*d %d=%d", I I I I, 4, 1, 2, 3);
    check_names(&log.line, (const char *const[]){NULL, "w", NULL, "d"});
    packed_log_close(&log);
}

static bool is_no_number(long double value)
{
    return value != value;
}

static void test_long_doubles_of_all_machines(void **state)
{
    (void)state;
    struct packed_log log;
    packed_log_open(&log);
    check_text("1.500000", formatted(&log, "%Lf", W, 1.5L));
    check_text("-2.5", formatted(&log, "%Lg", W, -2.5L));
    check_text("%!d(2.5)", formatted(&log, "%d", W, 2.5L));
    /* 1.5 and so on, as other machines have them. */
    const unsigned char x87[16] = {0, 0, 0, 0, 0, 0, 0, 0xc0, 0xff, 0x3f};
    const unsigned char minus_x87[16] = {0, 0, 0, 0, 0, 0, 0, 0xc0, 0xff, 0xbf};
    const unsigned char x87_infinity[16] = {0, 0, 0, 0, 0, 0, 0, 0x80, 0xff, 0x7f};
    const unsigned char x87_nan[16] = {0, 0, 0, 0, 0, 0, 0, 0xc0, 0xff, 0x7f};
    const unsigned char nothing[16] = {0};
    unsigned char binary[16] = {[13] = 0x80, [14] = 0xff, [15] = 0x3f};
    unsigned char binary_infinity[16] = {[14] = 0xff, [15] = 0x7f};
    const double plain = -0.75;
    unsigned char bytes[16] = {0};
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    for (int i = 0; i < 8; i++) {
        unsigned char kept = binary[i];
        binary[i] = binary[15 - i], binary[15 - i] = kept;
        kept = binary_infinity[i];
        binary_infinity[i] = binary_infinity[15 - i], binary_infinity[15 - i] = kept;
    }
#else
    check(long_double_read(x87, LONG_DOUBLE_X87) == 1.5L);
    check(long_double_read(minus_x87, LONG_DOUBLE_X87) == -1.5L);
    check(long_double_read(x87_infinity, LONG_DOUBLE_X87) > LDBL_MAX);
    check(is_no_number(long_double_read(x87_nan, LONG_DOUBLE_X87)));
#endif
    memcpy(bytes, &plain, sizeof plain);
    check(long_double_read(nothing, LONG_DOUBLE_X87) == 0);
    check(long_double_read(nothing, LONG_DOUBLE_BINARY128) == 0);
    check(long_double_read(binary, LONG_DOUBLE_BINARY128) == 1.5L);
    check(long_double_read(binary_infinity, LONG_DOUBLE_BINARY128) > LDBL_MAX);
    for (int i = 7; i <= 8; i++) {
        unsigned char binary_nan[16];
        memcpy(binary_nan, binary_infinity, sizeof binary_nan);
        binary_nan[i] = 1;
        check(is_no_number(long_double_read(binary_nan, LONG_DOUBLE_BINARY128)));
    }
    check(long_double_read(bytes, LONG_DOUBLE_IS_DOUBLE) == -0.75L);
    packed_log_close(&log);
}

/* Formats of pieces that a format can have, and values of any types: nothing is to be read that is
 * not there, which the sanitizers see. */
static void test_random_formats(void **state)
{
    (void)state;
    static const char *const pieces[] = {"%",  "d",  "s",   "f",    "n",  "*", ".",  "5",   "l",
                                         "ll", "h",  "L",   "-",    "#",  "0", "x=", "p",   "c",
                                         "%%", "99", "$",   "\x80", "%n", "i", "u",  "%1$", "'",
                                         "m",  " ",  "%*d", "%.*s", "g",  "a", "hh", "z",   "q"};
    struct packed_log log;
    packed_log_open(&log);
    uint32_t random = 12345;
    for (int round = 0; round < 3000; round++) {
        struct packed line = {.count = 0};
        char format[200] = "", types[9] = "";
        for (unsigned i = 0; i < 12; i++) {
            random = random * 1664525 + 1013904223;
            strcat(format, pieces[(random >> 16) % COUNT_OF(pieces)]);
        }
        size_t count = (random >> 8) % sizeof types;
        for (size_t i = 0; i < count; i++) {
            random = random * 1664525 + 1013904223;
            types[i] = (char)(1 + (random >> 16) % 8);
        }
        const struct packed site = packed_site(MAPRING_LEVEL_INFO, types, format, random >> 30 & 1);
        pack_u32(&line, packed_log_define(&log, ENTRY_SITE, &site));
        for (size_t i = 0; i < 40; i++) {
            random = random * 1664525 + 1013904223;
            pack_u32(&line, random >> 20 & 7 ? random >> 28 : random);
        }
        int result = packed_log_decode(&log, &line);
        check(result == MAPRING_OK || result == MAPRING_ERROR_DAMAGED);
        check(log.line.text[log.line.text_bytes] == '\0');
    }
    packed_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    TEST(test_what_fits_is_written_as_printf_does),
    TEST(test_what_does_not_fit_is_shown_with_its_value),
    TEST(test_widths_are_bounded),
    TEST(test_names_of_values),
    TEST(test_long_doubles_of_all_machines),
    TEST(test_random_formats),
};

static const struct role roles[] = {{0}};

TEST_MAIN(roles, tests)
