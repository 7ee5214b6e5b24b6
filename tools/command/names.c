/* SPDX-License-Identifier: MIT */
/* A list of names of rings. */
#include "names.h"

#include <stdlib.h>
#include <string.h>

#include "mapring/merge.h"

void names_add(struct names *names, const char *name)
{
    size_t bytes = strlen(name) + 1;
    char **larger = realloc(names->name, (names->count + 1) * sizeof *larger);
    if (larger)
        names->name = larger;
    char *copy = larger ? malloc(bytes) : NULL;
    if (!copy) {
        names->no_memory = true;
        return;
    }
    memcpy(copy, name, bytes);
    names->name[names->count++] = copy;
}

struct search {
    struct names *names;
    const char *pattern;
};

static bool add(const char *name, void *context)
{
    const struct search *search = context;
    if (!search->pattern || mapring_name_matches(name, search->pattern))
        names_add(search->names, name);
    return !search->names->no_memory;
}

static int compare(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

int names_find(struct names *names, enum mapring_scope scope, const char *pattern)
{
    struct search search = {names, pattern};
    size_t before = names->count;
    int result = mapring_list(scope, add, &search);
    if (names->count > before)
        qsort(names->name + before, names->count - before, sizeof *names->name, compare);
    return result;
}

void names_free(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->name[i]);
    free(names->name);
}

bool name_is_pattern(const char *text)
{
    return strpbrk(text, "*?") != NULL && strpbrk(text, "/\\") == NULL;
}
