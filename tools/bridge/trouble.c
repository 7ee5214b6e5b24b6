/* SPDX-License-Identifier: MIT */
/* Why a bridge does not go on. */
#include "trouble.h"

#include <stdarg.h>
#include <stdio.h>

#include "mapring/mapring.h"

bool trouble_engine(struct trouble *trouble, const struct engine *engine, enum engine_result result)
{
    if (result == ENGINE_OK)
        return true;
    trouble->kind =
        result == ENGINE_MISSING || result == ENGINE_REFUSED ? TROUBLE_FINAL : TROUBLE_AGAIN;
    trouble->exit_status = EXIT_FAILED;
    snprintf(trouble->text, sizeof trouble->text, "%s", engine_problem(engine));
    return false;
}

bool trouble_final(struct trouble *trouble, int exit_status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    trouble->kind = TROUBLE_FINAL;
    trouble->exit_status = exit_status;
    vsnprintf(trouble->text, sizeof trouble->text, format, arguments);
    va_end(arguments);
    return false;
}

bool trouble_ring(struct trouble *trouble)
{
    const struct mapring_error *error = mapring_last_error();
    bool usage = error->code == MAPRING_ERROR_NAME || error->code == MAPRING_ERROR_GEOMETRY;
    return trouble_final(trouble, usage ? EXIT_USAGE : EXIT_FAILED, "%s", error->text);
}

bool trouble_ended(struct trouble *trouble, int exit_status)
{
    *trouble = (struct trouble){.kind = TROUBLE_ENDED, .exit_status = exit_status};
    return false;
}
