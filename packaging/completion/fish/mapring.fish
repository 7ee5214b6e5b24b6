# SPDX-License-Identifier: MIT
# Completion of mapring's command lines for fish. The command itself says what fits.

function __mapring_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    for line in ($words[1] complete -- $words[2..-1] "$word" 2>/dev/null </dev/null)
        if string match -q "*"\t"*" -- $line
            echo $line
        else if test "$line" = files
            __fish_complete_path (string replace -r -- '^--[^=]*=' '' "$word")
        end
    end
end

complete -c mapring -f -a '(__mapring_complete)'
