/* SPDX-License-Identifier: MIT */
/* The entry point: converts arguments to UTF-8, and sets files to binary and the console to
 * UTF-8. */
#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <stdlib.h>

#include "command/os.h"
#include "shared/message.h"
#include "shared/os.h"

int wmain(int argc, wchar_t **wide);

static UINT console_code_page;

static void restore_console(void)
{
    SetConsoleOutputCP(console_code_page);
}

static void prepare_files(void)
{
    for (int file = STANDARD_INPUT; file <= STANDARD_ERROR; file++)
        _setmode(file, _O_BINARY);
    console_code_page = GetConsoleOutputCP();
    if (console_code_page != 0 && SetConsoleOutputCP(CP_UTF8))
        atexit(restore_console);
}

/* Returns NULL if the argument is not valid UTF-16, or if there is no memory. */
static char *to_utf8(const wchar_t *wide)
{
    int bytes = WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, wide, -1, NULL, 0, NULL, NULL);
    char *text = bytes > 0 ? malloc((size_t)bytes) : NULL;
    if (text)
        WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, bytes, NULL, NULL);
    return text;
}

int wmain(int argc, wchar_t **wide)
{
    prepare_files();
    char **argv = calloc((size_t)argc + 1, sizeof *argv);
    for (int i = 0; i < argc; i++) {
        if (!argv || (argv[i] = to_utf8(wide[i])) == NULL) {
            complain("argument %d is not valid UTF-16, or memory is exhausted", i);
            return EXIT_FAILED;
        }
    }
    return command_line(argc, argv);
}
