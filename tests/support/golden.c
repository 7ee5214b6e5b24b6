/* SPDX-License-Identifier: MIT */
/* Parses golden files, compares them with rings, and makes rings from them. */
#include "golden.h"

#include <inttypes.h>

#include "golden_write.h"
#include "helpers.h"

enum { DIFFERENCES_SHOWN = 10 };

struct group {
    size_t offset;
    size_t width; /* bytes */
    uint64_t value;
    bool any; /* not compared */
};

struct golden {
    struct group *groups;
    size_t count, capacity;
    size_t bytes; /* of the ring */
};

/* ---- Parsing ---- */

static void add_group(struct golden *golden, struct group group)
{
    if (golden->count == golden->capacity) {
        golden->capacity = golden->capacity ? 2 * golden->capacity : 256;
        golden->groups = realloc(golden->groups, golden->capacity * sizeof *golden->groups);
        check(golden->groups != NULL);
    }
    golden->groups[golden->count++] = group;
    golden->bytes = group.offset + group.width;
}

static bool parse_group(const char *text, size_t offset, struct group *group)
{
    size_t length = strcspn(text, " "), digits = strspn(text, "0123456789abcdef");
    *group = (struct group){.offset = offset, .width = length / 2};
    group->any = strspn(text, "x") == length;
    if (!group->any)
        group->value = strtoull(text, NULL, 16);
    return (length == 2 || length == 8 || length == 16) && (group->any || digits == length);
}

/* Parses what is left of a line without its comment; false if the format is wrong. */
static bool parse_line(struct golden *golden, char *line)
{
    line[strcspn(line, "#\r\n")] = '\0';
    if (line[strspn(line, " ")] == '\0')
        return true;
    char *at;
    size_t offset = (size_t)strtoull(line, &at, 16);
    if (*at++ != ':' || offset < golden->bytes)
        return false;
    golden->bytes = offset;
    for (at += strspn(at, " "); *at; at += strspn(at, " ")) {
        struct group group;
        if (!parse_group(at, golden->bytes, &group))
            return false;
        add_group(golden, group);
        at += 2 * group.width;
    }
    return true;
}

static struct golden parse(const char *path)
{
    struct golden golden = {0};
    char line[256];
    FILE *file = os_file_open(path, "r");
    if (!file)
        check_failed(__FILE__, __LINE__, "cannot open %s", path);
    for (unsigned number = 1; fgets(line, sizeof line, file); number++)
        if (!parse_line(&golden, line))
            check_failed(path, (int)number, "not a line of a golden file: %s", line);
    fclose(file);
    return golden;
}

static const char *path_of(const char *name)
{
    static char path[1024];
    const char *folder = getenv("MAPRING_GOLDEN");
    snprintf(path, sizeof path, "%s/%s.hex", folder ? folder : "tests/golden", name);
    return path;
}

/* ---- Comparing ---- */

struct differences {
    const char *golden;
    unsigned count;
};

static void differs(struct differences *differences, size_t offset, size_t width, uint64_t expected,
                    uint64_t found)
{
    if (differences->count++ < DIFFERENCES_SHOWN)
        fprintf(stderr, "%s: offset %06zx: expected %0*" PRIx64 ", found %0*" PRIx64 "\n",
                differences->golden, offset, (int)(2 * width), expected, (int)(2 * width), found);
}

static void compare_zeros(struct differences *differences, const char *ring, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (ring[i])
            differs(differences, i, 1, 0, (unsigned char)ring[i]);
}

static void compare(struct differences *differences, const struct golden *golden, const char *ring)
{
    size_t done = 0;
    for (size_t i = 0; i < golden->count; i++) {
        const struct group *group = &golden->groups[i];
        uint64_t found = golden_word(ring + group->offset, group->width);
        compare_zeros(differences, ring, done, group->offset);
        if (!group->any && found != group->value)
            differs(differences, group->offset, group->width, group->value, found);
        done = group->offset + group->width;
    }
    compare_zeros(differences, ring, done, golden->bytes);
}

void golden_check(const char *name, const char *ring_path)
{
    const char *path = path_of(name), *again = getenv("MAPRING_GOLDEN_WRITE");
    size_t bytes;
    char *ring = read_file(ring_path, &bytes);
    if (again && strcmp(again, "1") == 0)
        golden_write(path, ring, bytes);
    struct golden golden = parse(path);
    struct differences differences = {.golden = path};
    check_number(golden.bytes, bytes);
    compare(&differences, &golden, ring);
    free(golden.groups);
    free(ring);
    if (differences.count)
        check_failed(__FILE__, __LINE__,
                     "the ring differs from %s in %u places: see docs/layout.md", path,
                     differences.count);
}

/* ---- Making rings ---- */

static void put(unsigned char *at, const struct group *group, enum golden_order order)
{
    const uint16_t one = 1;
    bool is_little = *(const unsigned char *)&one == 1;
    bool low_first = is_little == (order == GOLDEN_NATIVE);
    for (size_t i = 0; i < group->width; i++)
        at[i] = (unsigned char)(group->value >> 8 * (low_first ? i : group->width - 1 - i));
}

void golden_make(const char *name, enum golden_order order, const char *ring_path)
{
    struct golden golden = parse(path_of(name));
    unsigned char *ring = calloc(1, golden.bytes);
    check(ring != NULL);
    for (size_t i = 0; i < golden.count; i++)
        put(ring + golden.groups[i].offset, &golden.groups[i], order);
    write_file(ring_path, ring, golden.bytes);
    free(ring);
    free(golden.groups);
}
