/* SPDX-License-Identifier: MIT */
/* The entry point: opens missing standard files, and dies of the signal that ended the command. */
#include <errno.h>
#include <fcntl.h>

#include "command/os.h"
#include "shared/linux/interrupt.h"
#include "shared/os.h"

/* The next file opened would get the number of a closed standard file, and be read or written in
 * its place. So each closed one is opened in a way in which every use of it fails. */
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
