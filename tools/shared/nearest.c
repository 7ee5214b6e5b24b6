/* SPDX-License-Identifier: MIT */
/* Finds the word that somebody probably meant who wrote another one. */
#include "nearest.h"

#include <stdbool.h>

enum { LENGTH_LIMIT = 32, DISTANCE_LIMIT = 3 };

struct nearest nearest_begin(const char *written, size_t length)
{
    return (struct nearest){.written = written, .written_length = length};
}

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

static bool same(char left, char right)
{
    return lower(left) == lower(right);
}

static unsigned smaller(unsigned left, unsigned right)
{
    return left < right ? left : right;
}

/* How many letters have to be inserted, removed, replaced, or exchanged with their neighbour: the
 * distance of Damerau and Levenshtein, where no letter is changed twice. */
static unsigned distance(const char *left, size_t left_length, const char *right,
                         size_t right_length)
{
    unsigned table[LENGTH_LIMIT + 1][LENGTH_LIMIT + 1];
    for (unsigned i = 0; i <= left_length; i++)
        table[i][0] = i;
    for (unsigned j = 0; j <= right_length; j++)
        table[0][j] = j;
    for (size_t i = 1; i <= left_length; i++) {
        for (size_t j = 1; j <= right_length; j++) {
            unsigned replaced = table[i - 1][j - 1] + !same(left[i - 1], right[j - 1]);
            unsigned least = smaller(replaced, smaller(table[i - 1][j], table[i][j - 1]) + 1);
            if (i > 1 && j > 1 && same(left[i - 1], right[j - 2]) &&
                same(left[i - 2], right[j - 1]))
                least = smaller(least, table[i - 2][j - 2] + 1);
            table[i][j] = least;
        }
    }
    return table[left_length][right_length];
}

static bool begins(const char *word, size_t length, const char *start, size_t start_length)
{
    for (size_t i = 0; i < start_length; i++)
        if (i == length || !same(word[i], start[i]))
            return false;
    return start_length > 1;
}

/* One mistake in a word of up to four letters, two in up to six, and then three. */
static unsigned allowed(size_t left_length, size_t right_length)
{
    size_t longer = left_length > right_length ? left_length : right_length;
    return longer < 5 ? 1 : smaller((unsigned)(longer - 1) / 2, DISTANCE_LIMIT);
}

void nearest_try(struct nearest *nearest, const char *word, size_t length)
{
    size_t written_length = nearest->written_length;
    if (written_length > LENGTH_LIMIT || length > LENGTH_LIMIT)
        return;
    unsigned found = distance(nearest->written, written_length, word, length);
    if (begins(word, length, nearest->written, written_length))
        found = smaller(found, 1);
    if (found > allowed(written_length, length) || found >= written_length ||
        (nearest->word && found >= nearest->distance))
        return;
    nearest->word = word;
    nearest->length = length;
    nearest->distance = found;
}
