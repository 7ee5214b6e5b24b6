/* SPDX-License-Identifier: MIT */
/* User names, passwords and tokens: from files, or from the environment. */
#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is overwritten is what /proc/PID/environ shows. */
static char *take(const char *name)
{
    char *value = getenv(name);
    if (!value || !*value)
        return NULL;
    char *taken = strdup(value);
    explicit_bzero(value, strlen(value));
    unsetenv(name);
    return taken;
}

static struct secrets of_environment;

static void take_all(void)
{
    of_environment = (struct secrets){take("MAPRING_NATS_USER"), take("MAPRING_NATS_PASSWORD"),
                                      take("MAPRING_NATS_TOKEN")};
}

const struct secrets *secrets_of_environment(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT; /* each ring has its thread */
    pthread_once(&once, take_all);
    return &of_environment;
}

/* Ends the line at `text`, and returns the next one. */
static char *end_line(char *text)
{
    char *end = text + strcspn(text, "\r\n");
    char *next = end + (*end == '\r') + (end[*end == '\r'] == '\n');
    *end = '\0';
    return next;
}

static ptrdiff_t read_some(const char *path, char *text, size_t bytes)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return -1;
    ptrdiff_t got = read(file, text, bytes);
    int problem = errno;
    close(file);
    errno = problem;
    return got;
}

bool secret_read(struct secret_lines *lines, const char *path)
{
    ptrdiff_t bytes = read_some(path, lines->text, sizeof lines->text - 1);
    if (bytes < 0)
        return false;
    lines->text[bytes] = '\0';
    char *second = end_line(lines->text);
    end_line(second);
    lines->first = lines->text;
    lines->second = second;
    return true;
}

void secret_forget(struct secret_lines *lines)
{
    explicit_bzero(lines, sizeof *lines);
}
