/* SPDX-License-Identifier: MIT */
#include "hot_plain.c"
