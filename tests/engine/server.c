/* SPDX-License-Identifier: MIT */
/* A NATS server of a test. */
#include "server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared/os.h"

enum { PAUSE_MS = 5 };

static struct sockaddr_in here(unsigned port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* Below the ports that the system gives to clients, which could take that of a server that is
 * started again. */
unsigned free_port(void)
{
    static uint64_t tried;
    for (;;) {
        unsigned port = 20000 + (unsigned)(mix(tried++ ^ (uint64_t)now_ns()) % 12000);
        struct sockaddr_in address = here(port);
        int file = socket(AF_INET, SOCK_STREAM, 0);
        bool is_free = bind(file, (struct sockaddr *)&address, sizeof address) == 0;
        close(file);
        if (is_free)
            return port;
    }
}

static bool listens(unsigned port)
{
    struct sockaddr_in address = here(port);
    int file = socket(AF_INET, SOCK_STREAM, 0);
    bool is_there = connect(file, (struct sockaddr *)&address, sizeof address) == 0;
    close(file);
    return is_there;
}

void server_restart(struct server *server)
{
    const char *arguments[] = {"-c", server->configuration, NULL};
    struct process_streams streams = {.output = new_path(".out"), .errors = new_path(".err")};
    server->process = start_program(&streams, getenv("MAPRING_NATS_SERVER"), arguments);
    for (int64_t end_ns = now_ns() + TIME_LIMIT; !listens(server->port); os_pause_ms(PAUSE_MS))
        check(now_ns() < end_ns);
}

static void start(struct server *server, const char *storage, const char *settings)
{
    char text[16384];
    server->port = free_port();
    server->configuration = new_path(".conf");
    snprintf(server->url, sizeof server->url, "nats://127.0.0.1:%u", server->port);
    int length = snprintf(text, sizeof text, "listen: \"127.0.0.1:%u\"\n%s%s\n", server->port,
                          storage, settings);
    check(length < (int)sizeof text);
    write_file(server->configuration, text, (size_t)length);
    server_restart(server);
}

void server_start(struct server *server, const char *settings)
{
    char storage[1200];
    server->folder = new_path(".store");
    snprintf(storage, sizeof storage, "jetstream { store_dir: \"%s\" }\n", server->folder);
    start(server, storage, settings);
}

void server_start_plain(struct server *server, const char *settings)
{
    start(server, "", settings);
}

void server_kill(struct server *server)
{
    process_kill(server->process);
}

const char *make_certificates(void)
{
    static const char script[] =
        "cd \"$1\"; key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'\n"
        "for one in authority stranger; do\n"
        "  openssl req -x509 $key -days 2 -subj /CN=$one -keyout $one.key -out $one.pem\n"
        "done\n"
        "sign() {\n"
        "  openssl req -new $key -subj /CN=$1 -keyout $1.key -out $1.request\n"
        "  echo \"subjectAltName = $2\" >$1.ext\n"
        "  openssl x509 -req -in $1.request -CA $3.pem -CAkey $3.key -set_serial $4 -days $5 "
        "-extfile $1.ext -out $1.pem\n"
        "}\n"
        "sign server IP:127.0.0.1 authority 1 2\n"
        "sign other DNS:elsewhere.example authority 2 2\n"
        "sign expired IP:127.0.0.1 authority 3 -1\n"
        "sign client DNS:client authority 4 2\n"
        "sign stray DNS:client stranger 5 2\n";
    const char *folder = new_path(".certificates");
    const char *arguments[] = {"-ec", script, "sh", folder, NULL};
    struct process_streams streams = {.errors = new_path(".openssl")};
    check_number(0, mkdir(folder, 0700));
    process_finish(start_program(&streams, "/bin/sh", arguments));
    return folder;
}
