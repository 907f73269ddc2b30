"""English texts of what is taken out for good: persons, and texts wherever they were typed."""

from typing import Final

ERASURE: Final[dict[str, str]] = {
    "help.option.erase_text": "Remove this text wherever it was typed, for good; can be repeated.",
    "erasure.person": "Contact person {name} ({id}) at {company} is erased",
    "erasure.text": "“{text}” is removed from texts ({times} {times:time|times})",
    "erasure.one_word": "“{text}” is one word only: others may have that name too; look through the places",
    "erasure.places": "in: {places}",
    "erasure.more": "and {number} more",
    "erasure.place": "{noun} {id} ({field})",
    "erasure.place_command": "the reason for command {number}",
    "erasure.stays": "The name of company {id} stays: it has a CVR number, so its name is in the public business register",
    "erasure.stays_in_contract": "The text is in the contract as well and stays there; the contract is never changed afterwards",
    "erasure.near": "Not removed: “{text}” ({times} {times:time|times}: {places}). If it is the same: {command}",
    "erasure.final": "{contacts} {contacts:contact|contacts} and {times} {times:place|places} in texts. Cannot be undone; no figures change.",
    "erasure.done": "“{text}” has been removed from {mentions} {mentions:place|places} in texts and from {copies} {copies:copy|copies}",
    "erasure.done_persons": "{number} {number:contact person|contact persons} erased: {ids}",
    "question.erase_near": "Remove “{text}” as well ({times} {times:time|times}: {places})?",
    "question.erase_text": "Erase it?",
    "error.erased_text_short": "“{text}” is too short to be removed everywhere; write at least {shortest} letters, for example with the word before it",
    "error.erased_text_bad": "“{text}” cannot be in a ledger; write one line of at most 200 characters",
    "error.erase_what": "write either the name of a contact person or --text, not both",
    "merge.erases": "{by} erased on {moment} (from {file}), for good here too:",
    "merge.erases_person": "contact person {name} ({id}) at {company}",
    "merge.erases_text": "text in {place}: “{before}” becomes “{left}”",
    "merge.erases_again": "{name} ({id}) was erased here and comes back from a ledger that still has the name; erased again",
    "merge.takes_out": "“{name}” is removed from {times} more {times:place|places} in texts",
    "merge.erased": "Erased for good: {persons} {persons:contact person|contact persons}, and names from {texts} {texts:place|places} in texts; {copies} {copies:copy|copies} cleaned as well",
    "merge.done_erased": "Merged. The previous ledger is in {kept}, but no longer with what was erased; to go back to it: kmtrack restore {kept}",
    "merge.done_not_clean": "Merged. The previous ledger is in {kept}, perhaps still with what was erased; to go back to it: kmtrack restore {kept}",
    "question.merge_erases": "The merge erases {persons} {persons:contact person|contact persons} and names from {texts} {texts:place|places} in texts, in all backups too. No restore brings them back. Without them nothing is merged. Erase them?",
}
