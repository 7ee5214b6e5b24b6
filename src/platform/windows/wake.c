/* SPDX-License-Identifier: MIT */
/* Sleeping and waking with named auto-reset events, one for each channel: WaitOnAddress() cannot be
 * woken from another process. */
#include "error.h"
#include "platform/windows/object.h"

/* Asks for no more rights than these: otherwise, objects of another user would be refused
 * needlessly. */
#define EVENT_ACCESS      (SYNCHRONIZE | EVENT_MODIFY_STATE)
#define EVENT_ACCESS_SDDL L"0x100002"

static void event_name(const struct platform_object *object, unsigned channel,
                       wchar_t name[OBJECT_NAME_LIMIT])
{
    if (channel == CHANNEL_ROOM)
        object_name(object, L".room", NO_NUMBER, name);
    else
        object_name(object, L".wake", (int)channel, name);
}

static int report_event(const struct platform_object *object, DWORD native, const wchar_t *name)
{
    if (native == ERROR_INVALID_HANDLE)
        return object_wrong_kind(object, name);
    return fail_system((long)native, object->name.text,
                       "cannot create the event '%ls' that wakes the users of ring '%s'", name,
                       object->name.text);
}

int platform_channel_open(struct platform_object *object, unsigned channel)
{
    if (object->event[channel])
        return MAPRING_OK;
    SECURITY_ATTRIBUTES security;
    int result = object_security(object, object->open_to_all ? EVENT_ACCESS_SDDL : L"", &security);
    if (result != MAPRING_OK)
        return result;
    wchar_t name[OBJECT_NAME_LIMIT];
    event_name(object, channel, name);
    object->event[channel] = CreateEventExW(&security, name, 0, EVENT_ACCESS);
    DWORD native = GetLastError();
    LocalFree(security.lpSecurityDescriptor);
    return object->event[channel] ? MAPRING_OK : report_event(object, native, name);
}

/* The event keeps a signal that comes between the check and the wait. */
void platform_sleep(struct platform_object *object, unsigned channel, shared_u32 *word,
                    uint32_t expected, int64_t limit_ns)
{
    if (load_ordered(word) != expected)
        return;
    if (object->event[channel])
        WaitForSingleObject(object->event[channel], milliseconds_of(limit_ns));
    else
        platform_pause_ns(limit_ns);
}

/* An open handle keeps the event alive when its sleeper ends. The next sleeper in the same cell
 * gets the same event, so the handle stays valid. */
static HANDLE event_to_wake(struct platform_object *object, unsigned channel)
{
    if (!object->event[channel]) {
        wchar_t name[OBJECT_NAME_LIMIT];
        event_name(object, channel, name);
        object->event[channel] = OpenEventW(EVENT_ACCESS, FALSE, name);
    }
    return object->event[channel];
}

void platform_wake(struct platform_object *object, uint64_t channels, shared_u32 *word)
{
    (void)word;
    for (unsigned channel = 0; channel < CHANNEL_COUNT; channel++) {
        HANDLE event = channels >> channel & 1 ? event_to_wake(object, channel) : NULL;
        if (event)
            SetEvent(event);
    }
}

bool platform_membarrier_register(void)
{
    return false; /* FlushProcessWriteBuffers() reaches only the calling process */
}

void platform_membarrier(void)
{
}
