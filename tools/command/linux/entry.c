/* SPDX-License-Identifier: MIT */
/* Where the command begins and ends: the standard files are there, and who ends by a signal is seen to. */
#include <errno.h>
#include <fcntl.h>

#include "interrupt.h"
#include "os.h"

/* What is opened next would get the number of a standard file that is closed, and be read or written as
 * that file. So each has one, of which every use fails. */
static void open_missing_files(void)
{
    for (int file = STANDARD_INPUT; file <= STANDARD_ERROR; file++)
        if (fcntl(file, F_GETFD) < 0 && errno == EBADF)
            open("/dev/null", file == STANDARD_INPUT ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
    open_missing_files();
    int status = command_line(argc, argv);
    if (status != 0 && status == os_interrupted())
        interrupt_repeat();
    return status;
}
