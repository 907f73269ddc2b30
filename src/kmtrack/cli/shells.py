"""Shells: read what a person has typed when Tab is pressed, answer in each shell's format, and the scripts.

The script of a shell sets `_KMTRACK_COMPLETE` and runs kmtrack, which answers with a line that says
what follows ("words", "open" for words that continue, "files" if the shell is to suggest file
names), and then a line for each word, with its description after a tab.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from kmtrack.cli.globals import COMPLETION
from kmtrack.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_INSTRUCTION: Final = "complete_"
# Of Tab, and of listing what is ambiguous; others put one word after the other into place.
_LISTED_BY_BASH: Final = frozenset(str(ord(sign)) for sign in "\t?!@")
_LONGEST: Final = 50  # letters of a description below a command line
_SAFE: Final = re.compile(r"[\w./,+%@^:=-]")


class Offer(NamedTuple):
    """A word that can be typed, and its description."""

    word: str
    about: str = ""


class Answer(NamedTuple):
    """What is suggested: words, words that can be continued, or the names of files."""

    kind: Literal["words", "open", "files"] = "words"
    offers: tuple[Offer, ...] = ()


class Typed(NamedTuple):
    """The words before the one at the cursor, without kmtrack itself, and that word up to the cursor.

    `quote` is the quotation mark that it began with and that is not closed. If only `listed`,
    several words are not inserted one after the other.
    """

    words: tuple[str, ...]
    current: str
    quote: str = ""
    is_listed: bool = False


def shell_in(environment: Mapping[str, str]) -> str | None:
    """Return the shell in which Tab was pressed; None if it was not."""
    instruction = environment.get(COMPLETION, "")
    return instruction.removeprefix(_INSTRUCTION) if instruction else None


def typed_in(shell: str, environment: Mapping[str, str]) -> Typed:
    """Return what was typed up to the cursor."""
    if shell == "bash":
        line = environment.get("COMP_LINE", "")
        typed = _parsed(line[: int(environment.get("COMP_POINT") or len(line))])
        return typed._replace(is_listed=environment.get("COMP_TYPE") in _LISTED_BY_BASH)
    if shell == "fish":
        return _parsed(environment.get("_TYPER_COMPLETE_ARGS", ""))
    lines = environment.get("_KMTRACK_WORDS", "").split("\n")
    words = [word.value for line in lines for word in _words(line) or [_Word("")]]
    current = environment.get("_KMTRACK_CURRENT", "")
    return Typed(tuple(words[1:]), current.lstrip("'\"") if shell == "powershell" else current)


def shown_in(shell: str, answer: Answer, typed: Typed) -> list[str]:
    """Return the lines that a shell reads."""
    if shell == "fish":  # its script is Typer's
        return ["\t".join(filter(None, offer)) for offer in _harmless(answer)]
    if shell == "bash":
        offers = list(_harmless(answer))
        has_about = typed.is_listed and len(offers) > 1
        words = [_in_bash(offer.word, typed.quote) for offer in offers]
        pairs = zip(words, offers, strict=True)
        return [answer.kind, *(_with_about(w, o) if has_about else w for w, o in pairs)]
    word_in = _in_powershell if shell == "powershell" else str
    return [answer.kind, *(f"{word_in(word)}\t{about}" for word, about in _harmless(answer))]


def joined_by_equals(shell: str) -> bool:
    """Return whether the word at the cursor includes the option before an equals sign."""
    return shell != "bash"


def _harmless(answer: Answer) -> Iterator[Offer]:
    """Yield the suggestions, except words with characters that no terminal shows."""
    for word, about in answer.offers:
        if word.isprintable() and visible(word) == word:
            yield Offer(word, " ".join(visible(about).split()))


class _Word(NamedTuple):
    value: str
    quote: str = ""


def _parsed(line: str) -> Typed:
    found = _words(line)
    if not found or (line[-1:].isspace() and not (found[-1].quote or line.endswith("\\ "))):
        found.append(_Word(""))
    return Typed(tuple(word.value for word in found[1:-1]), *found[-1])


def _words(line: str) -> list[_Word]:
    """Return the words of a command line as a shell reads them; the last one may be cut off."""
    found: list[_Word] = []
    letters: list[str] | None = None
    quote, ahead = "", iter(line)
    for letter in ahead:
        if not quote and letter.isspace():
            if letters is not None:
                found.append(_Word("".join(letters)))
            letters = None
            continue
        letters = [] if letters is None else letters
        if letter == "\\" and quote != "'":
            letters.append(next(ahead, ""))
        elif letter in {quote, "'", '"'} and (not quote or letter == quote):
            quote = "" if quote else letter
        else:
            letters.append(letter)
    if letters is not None:
        found.append(_Word("".join(letters), quote))
    return found


def _in_bash(word: str, quote: str) -> str:
    """Return a word as bash would read it after the typed quotation mark, if any."""
    if quote == "'":
        return word.replace("'", "'\\''")
    if quote:
        return re.sub(r'(["$`\\!])', r"\\\1", word)
    return "".join(letter if _SAFE.match(letter) else f"\\{letter}" for letter in word)


def _with_about(word: str, offer: Offer) -> str:
    """Return a word with its description; of several words bash inserts only what they have in common."""
    about = offer.about if len(offer.about) <= _LONGEST else f"{offer.about[:_LONGEST]}…"
    return f"{word}  ({about})" if about and about != offer.word else word


def _in_powershell(word: str) -> str:
    if all(map(_SAFE.match, word)) and word[:1] not in "@,":
        return word
    quoted = word.replace("'", "''")
    return f"'{quoted}'"


# In bash an answer is put into place as it is, in order; a line of its own keeps each word whole.
_BASH: Final = r"""
_kmtrack_completion() {
    local kind line
    COMPREPLY=()
    {
        read -r kind
        while IFS= read -r line; do
            COMPREPLY+=("$line")
        done
    } < <(_KMTRACK_COMPLETE=complete_bash COMP_LINE="$COMP_LINE" COMP_POINT="$COMP_POINT" \
        COMP_TYPE="$COMP_TYPE" "$1" 2>/dev/null)
    case $kind in
        files) compopt -o default ;;
        open) compopt -o nospace ;;
    esac
}

complete -o nosort -F _kmtrack_completion kmtrack
"""
_ZSH: Final = r"""
#compdef kmtrack

_kmtrack() {
    local -a answer values shown
    local line
    answer=("${(@f)$(_KMTRACK_COMPLETE=complete_zsh _KMTRACK_WORDS="${(F)words[1,CURRENT-1]}" \
        _KMTRACK_CURRENT="${(Q)PREFIX}" command kmtrack 2>/dev/null)}")
    if [[ $answer[1] == files ]]; then
        _files
        return
    fi
    for line in "${(@)answer[2,-1]}"; do
        values+=("${line%%$'\t'*}")
        shown+=("${${line/$'\t'/  -- }%  -- }")
    done
    (( $#values )) || return 1
    if [[ $answer[1] == open ]]; then
        compadd -U -l -V kmtrack -S '' -d shown -a values
    else
        compadd -U -l -V kmtrack -d shown -a values
    fi
}

# Loaded by zsh when Tab is pressed first, this file is the function itself, until it has defined it.
if [[ ${funcstack[1]} == _kmtrack ]]; then
    _kmtrack "$@"
else
    compdef _kmtrack kmtrack
fi
"""
_POWERSHELL: Final = r"""
Register-ArgumentCompleter -Native -CommandName kmtrack -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition })
    $encoding = [Console]::OutputEncoding
    try {
        [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
        $Env:_KMTRACK_COMPLETE = 'complete_powershell'
        $Env:_KMTRACK_WORDS = ($before | ForEach-Object { $_.Extent.Text }) -join "`n"
        $Env:_KMTRACK_CURRENT = $wordToComplete
        $answer = @(kmtrack 2>$null)
    } finally {
        [Console]::OutputEncoding = $encoding
        $Env:_KMTRACK_COMPLETE = $null
        $Env:_KMTRACK_WORDS = $null
        $Env:_KMTRACK_CURRENT = $null
    }
    if ($answer[0] -eq 'files') { return }
    $answer | Select-Object -Skip 1 | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
}
"""
SCRIPTS: Final[Mapping[str, str]] = {
    "bash": _BASH,
    "zsh": _ZSH,
    "powershell": _POWERSHELL,
    "pwsh": _POWERSHELL,
}
