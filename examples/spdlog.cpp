/* SPDX-License-Identifier: MIT */
/* Logs each line of standard input to a ring:
 *
 *     spdlog RING
 */
#include "spdlog_sink.hpp"

#include <iostream>
#include <memory>
#include <spdlog/spdlog.h>

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::cerr << "usage: spdlog RING\n";
        return 2;
    }
    try {
        spdlog::logger logger("input", std::make_shared<mapring_sink_mt>(argv[1]));
        logger.set_error_handler([](const std::string &problem) { std::cerr << problem << '\n'; });
        std::size_t count = 0;
        for (std::string line; std::getline(std::cin, line);)
            logger.info("{} {}", ++count, line);
        std::cout << "logged " << count << std::endl;
    } catch (const spdlog::spdlog_ex &problem) {
        std::cerr << problem.what() << '\n';
        return 1;
    }
}
