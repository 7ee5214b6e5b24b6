/* SPDX-License-Identifier: MIT */
/* Where the command begins: arguments and files are as they should be. */
#include "os.h"

int main(int argc, char **argv)
{
    return command_line(argc, argv);
}
