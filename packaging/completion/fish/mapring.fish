# SPDX-License-Identifier: MIT
# Completion of mapring's command lines for fish. The command itself says what fits.

function __mapring_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    for line in ($words[1] complete -- $words[2..-1] "$word" 2>/dev/null </dev/null)
        if string match -q "*"\t"*" -- $line
            echo $line
        else if test "$line" = files
            # "--html=re" is completed to "--html=report.html".
            set -l before (string match -r -- '^--[^=]*=' "$word")
            set -l begun (string replace -- "$before" '' "$word")
            for path in (__fish_complete_path "$begun")
                printf '%s%s\n' "$before" $path
            end
        end
    end
end

complete -c mapring -f -a '(__mapring_complete)'
