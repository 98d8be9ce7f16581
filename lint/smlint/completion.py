"""Shell completion: a script that completes the options, and the values of those that have few."""

from __future__ import annotations

from smlint.options import LATER, build

_FILES = ("--output", "--config", "--baseline", "--write-baseline", "--param-file")
_RULES = ("--explain", "--select", "--ignore")
_LISTED = 'smlint --list-rules 2>/dev/null | cut -d" " -f1'


def script(shell: str) -> str:
    """The completion script of a shell: bash, zsh or fish."""
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell]()


def _options() -> list[tuple[str, str, list[str]]]:
    """(option, help, values) of every option that is there."""
    found = []
    for action in build()._actions:
        name = next((one for one in action.option_strings if one.startswith("--")), "")
        if name and name not in LATER:
            found.append((name, (action.help or "").replace("'", ""), [*map(str, action.choices or ())]))
    return found


def _bash() -> str:
    options = _options()
    cases = "".join(
        f'    {name}) COMPREPLY=($(compgen -W "{" ".join(values)}" -- "$word")); return ;;\n'
        for name, _, values in options
        if values
    )
    names = " ".join(name for name, _, _ in options)
    return (
        "_smlint() {\n"
        '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"\n'
        '  case "$before" in\n'
        f"{cases}"
        f'    {"|".join(_RULES)}) COMPREPLY=($(compgen -W "$({_LISTED})" -- "$word")); return ;;\n'
        "  esac\n"
        '  if [[ "$word" == -* ]]; then\n'
        f'    COMPREPLY=($(compgen -W "{names}" -- "$word"))\n'
        "  else\n"
        '    COMPREPLY=($(compgen -f -- "$word"))\n'
        "  fi\n"
        "}\n"
        "complete -o filenames -F _smlint smlint\n"
    )


def _zsh() -> str:
    lines = []
    for name, said, values in _options():
        text = said.replace("[", "(").replace("]", ")").replace(":", " -")
        rest = f":value:({' '.join(values)})" if values else ":file:_files" if name in _FILES else ""
        rest = f":rule:{{compadd $({_LISTED})}}" if name in _RULES else rest
        lines.append(f"    '{name}[{text}]{rest}'")
    arguments = " \\\n".join([*lines, "    '*:path:_files'"])
    # As a file of $fpath it is the function's body when it is first called; else it is evaluated at the start.
    return (
        f"#compdef smlint\n_smlint() {{\n  _arguments -s \\\n{arguments}\n}}\n"
        'if [ "$funcstack[1]" = "_smlint" ]; then _smlint "$@"; else compdef _smlint smlint; fi\n'
    )


def _fish() -> str:
    lines = []
    for name, said, values in _options():
        listed = f"({_LISTED})" if name in _RULES else " ".join(values)
        rest = f" -x -a '{listed}'" if listed else " -r" if name in _FILES else ""
        lines.append(f"complete -c smlint -l {name[2:]} -d '{said}'{rest}")
    return "\n".join(lines) + "\n"
