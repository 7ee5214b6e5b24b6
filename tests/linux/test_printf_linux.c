/* SPDX-License-Identifier: MIT */
/* Text that printf() cannot format is refused. The runtime of Windows formats every wide character. */
#include <wchar.h>

#include "helpers.h"

/* In the locale "C", which every program begins with. */
static void characters_that_the_locale_does_not_have_are_refused(void **state)
{
    (void)state;
    const char *name = new_ring_name();
    const struct mapring_options small = {.capacity_bytes = 65536};
    struct mapring_record record;
    mapring_producer *producer;
    mapring_consumer *consumer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, &small));
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    const wchar_t strange[] = {0x20ac, 0};
    check_result(MAPRING_ERROR_ARGUMENT, mapring_producer_printf(producer, 0, "<%ls>", strange));
    check(strstr(mapring_last_error()->text, "<%ls>") != NULL);
    check_result(MAPRING_OK, mapring_producer_printf(producer, 0, "next"));
    check_result(MAPRING_OK, mapring_consumer_next(consumer, &record, 0));
    check_number(4, record.bytes);
    mapring_consumer_close(consumer);
    mapring_producer_close(producer);
}

static const struct role roles[] = {{NULL, NULL}};

static const struct CMUnitTest tests[] = {
    TEST(characters_that_the_locale_does_not_have_are_refused),
};

TEST_MAIN(roles, tests)
