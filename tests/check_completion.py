#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage: tests/check_completion.py bash|zsh|fish COMMAND COMPLETION-FOLDER

Checks what a real shell makes of what `mapring complete` offers. Skipped where the shell is missing."""

import os
import pathlib
import pty
import shlex
import shutil
import subprocess
import sys
import tempfile

from leftovers import end_on_request

SKIPPED = 77
# What is typed, what the shell then shows or inserts, and what it does not.
CASES = [
    ('mapring rec', ['recv'], ['send']),
    ('mapring s', ['send', 'stat'], ['recv']),
    ('mapring help fram', ['framing'], ['files']),
    ('mapring view re', ['read'], ['write']),
    ('mapring recv --fram', ['--framing'], ['--follow']),
    ('mapring recv --framing bl', ['block'], ['line']),
    ('mapring recv --framing ', ['line', 'length', 'block'], ['--framing']),
    ('mapring recv --framing=le', ['length'], ['line']),
    ('mapring stat completion-', ['completion-a', 'completion-b'], ['files']),
    ('mapring consumer rm ./ring ar', ['archive'], ['ring']),
    ('mapring recv ./ring --consumer ar', ['archive'], []),
    ('mapring send completion-a inp', ['input.txt'], ['ring']),
    ('mapring view write x --file=inp', ['input.txt'], []),
    ('mapring dump ./ri', ['ring'], ['input.txt']),
    ('mapring consumer rm ./input.txt ', [], ['archive', 'mapring:', 'damaged']),
    ('mapring nonsense ', [], ['send', 'mapring:', 'not a command']),
]


def in_bash(typed, folder):
    """Calls the function as bash does, which takes = as a word of its own."""
    words = shlex.split(typed.replace('=', ' = ')) + ([''] if typed.endswith(' ') else [])
    script = f'''source {shlex.quote(str(folder / "bash/mapring"))}
        [[ $(complete -p mapring) == "complete -F _mapring mapring" ]] || exit 9
        COMP_WORDS=({shlex.join(words)}) COMP_CWORD={len(words) - 1}
        _mapring 2>&1
        printf '%s\\n' "${{COMPREPLY[@]}}"'''
    return output_of('bash', '--norc', '--noprofile', '-c', script)


def in_fish(typed, folder):
    script = f'source {shlex.quote(str(folder / "fish/mapring.fish"))}; complete -C {shlex.quote(typed)}'
    return output_of('fish', '-c', script)


def output_of(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f'FAILED: {" ".join(command)} ended with {done.returncode}\n{done.stdout}')
    return done.stdout


ZSHRC = '''
fpath=({folder} $fpath)
autoload -U compinit
compinit -u -d "$ZDOTDIR/compdump"
unsetopt list_beep
zstyle ':completion:*' list-prompt ''
LISTMAX=1000 PS1= RPS1=
begin() {{ print BEGIN }}
complete-and-end() {{ zle complete-word; zle -R; print -r -- "<$BUFFER>"; print END; exit }}
zle -N zle-line-init begin
zle -N complete-and-end
bindkey '^T' complete-and-end
'''


def in_zsh(typed, folder):
    """Types into an interactive zsh on a terminal, and returns what that shows."""
    pathlib.Path('.zshrc').write_text(ZSHRC.format(folder=shlex.quote(str(folder / 'zsh'))))
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp('zsh', ['zsh', '-d', '-i'])
    read_until(terminal, b'BEGIN')
    os.write(terminal, typed.encode() + b'\x14')
    shown = read_until(terminal, b'END').decode(errors='replace')
    read_until(terminal, None)
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if 'END' not in shown:
        return f'{shown}\nzsh ended with {status} before it had completed'
    return shown.replace(typed.rsplit(' ', 1)[0], '')


def read_until(terminal, mark):
    text = b''
    while mark is None or mark not in text:
        try:
            more = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            more = b''
        if not more:
            break
        text += more
    return text


def main():
    shell, command, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3]).resolve()
    if not shutil.which(shell):
        print(f'{shell} is not installed')
        return SKIPPED
    complete = {'bash': in_bash, 'zsh': in_zsh, 'fish': in_fish}[shell]
    end_on_request()
    rings = [f'completion-{letter}-{os.getpid()}' for letter in 'ab']
    problems = []
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        os.environ.update(HOME=work, ZDOTDIR=work, XDG_CONFIG_HOME=work, XDG_DATA_HOME=work, TERM='dumb',
                          COLUMNS='200', LINES='50', PATH=f'{command.parent}:{os.environ["PATH"]}')
        pathlib.Path('input.txt').write_text('not a ring\n')
        for ring in rings + ['./ring']:
            subprocess.run([command, 'create', ring], check=True)
        subprocess.run([command, 'recv', './ring', '--wait', '--consumer', 'archive', '--timeout', '0.01'],
                       stderr=subprocess.DEVNULL, check=False)
        try:
            for typed, wanted, unwanted in CASES:
                shown = complete(typed, folder)
                if not all(word in shown for word in wanted) or any(word in shown for word in unwanted):
                    problems.append(f"{shell} completes '{typed}' wrongly: {wanted} were expected, without "
                                    f'{unwanted}, and it shows:\n{shown}')
        finally:
            subprocess.run([command, 'rm', *rings], check=True)
            os.chdir('/')
    print('\n'.join(problems) or f'{shell} completes {len(CASES)} lines as expected')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
