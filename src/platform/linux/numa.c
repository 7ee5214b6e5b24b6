/* SPDX-License-Identifier: MIT */
/* Placing a ring's memory on a NUMA node. */
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "error.h"
#include "platform/linux/object.h"

/* From <linux/mempolicy.h>, which not every system has. MPOL_BIND would be wrong: when the node is
 * full, the kernel would kill processes to make room. */
enum { POLICY_PREFERRED = 1, NODES_ALLOWED = 4 };

enum { NODE_LIMIT = 1024, LONG_BITS = 8 * sizeof(unsigned long) };

/* The policy of shared memory belongs to the file, and outlives this mapping. */
static int prefer(void *at, uint64_t bytes, uint32_t node)
{
    unsigned long nodes[NODE_LIMIT / LONG_BITS] = {0};
    nodes[node / LONG_BITS] = 1ul << node % LONG_BITS;
    /* Each argument must have the size of a processor word; a larger one would be taken for two. */
    long result =
        syscall(SYS_mbind, at, (size_t)bytes, POLICY_PREFERRED, nodes, NODE_LIMIT + 1ul, 0);
    return result == 0 ? 0 : errno;
}

static int map_and_prefer(const struct platform_object *object, uint64_t bytes, uint32_t node)
{
    void *at = mmap(NULL, (size_t)bytes, PROT_READ, MAP_SHARED, object->descriptor, 0);
    if (at == MAP_FAILED)
        return errno;
    int native = prefer(at, bytes, node);
    munmap(at, (size_t)bytes);
    return native;
}

static int no_such_node(const char *name, uint32_t node)
{
    return fail(
        MAPRING_ERROR_ARGUMENT, name,
        "cannot place ring '%s' on NUMA node %u: this machine has no such node, or no memory "
        "there for this process",
        name, node);
}

/* If the system does not say which nodes there are, none is refused here. */
int platform_check_node(const char *ring, uint32_t node)
{
    unsigned long nodes[NODE_LIMIT / LONG_BITS] = {0};
    if (node >= NODE_LIMIT)
        return no_such_node(ring, node);
    if (syscall(SYS_get_mempolicy, NULL, nodes, NODE_LIMIT + 1ul, NULL, (long)NODES_ALLOWED) != 0)
        return MAPRING_OK;
    bool is_there = nodes[node / LONG_BITS] >> node % LONG_BITS & 1;
    return is_there ? MAPRING_OK : no_such_node(ring, node);
}

int platform_place(struct platform_object *object, uint64_t bytes, uint32_t node)
{
    const char *name = object->name.text;
    fork_forbid(); /* a forked child would keep the mapping, and with it the roles */
    int native = map_and_prefer(object, bytes, node);
    fork_allow();
    /* not covered: a kernel without NUMA, on which the suites do not run */
    if (native == 0 || (native == ENOSYS && node == 0))
        return MAPRING_OK;
    /* not covered: the same, and a node that goes offline at this moment */
    if (native == EINVAL || native == ENOSYS)
        return no_such_node(name, node);
    return fail_system(native, name, "cannot place ring '%s' on NUMA node %u", name, node);
}
