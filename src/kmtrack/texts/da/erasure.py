"""Danish texts of what is taken out for good: persons, and texts wherever they were typed."""

from typing import Final

ERASURE: Final[dict[str, str]] = {
    "help.option.erase_text": "Fjern denne tekst for altid, hvor den end er skrevet; kan gentages.",
    "erasure.person": "Kontaktpersonen {name} ({id}) hos {company} slettes",
    "erasure.text": "»{text}« fjernes fra tekster ({times} {times:gang|gange})",
    "erasure.one_word": "»{text}« er kun ét ord, så andre kan også hedde sådan; se stederne igennem",
    "erasure.places": "i: {places}",
    "erasure.more": "og {number} til",
    "erasure.place": "{noun} {id} ({field})",
    "erasure.place_command": "begrundelsen for kommando {number}",
    "erasure.stays": "Navnet på virksomhed {id} bevares: den har et CVR-nummer, så navnet står i CVR-registret",
    "erasure.stays_in_contract": "Teksten står også i kontrakten og bevares dér; kontrakten ændres aldrig bagefter",
    "erasure.near": "Ikke fjernet: »{text}« ({times} {times:gang|gange}: {places}). Er det den samme, så skriv: {command}",
    "erasure.final": "{contacts} {contacts:kontakt|kontakter} og {times} {times:sted|steder} i tekster. Kan ikke fortrydes; tallene ændres ikke.",
    "erasure.done": "»{text}« er fjernet {mentions} {mentions:sted|steder} i tekster og fra {copies} {copies:kopi|kopier}",
    "erasure.done_persons": "{number} {number:kontaktperson|kontaktpersoner} slettet: {ids}",
    "question.erase_near": "Skal »{text}« også fjernes ({times} {times:gang|gange}: {places})?",
    "question.erase_text": "Vil du slette det?",
    "error.erased_text_short": "»{text}« er for kort til at blive fjernet overalt; skriv mindst {shortest} bogstaver, fx med ordet foran",
    "error.erased_text_bad": "»{text}« er ikke en tekst, som et register kan indeholde; skriv én linje på højst 200 tegn",
    "error.erase_what": "skriv enten navnet på en kontaktperson eller --text, ikke begge dele",
    "merge.erases": "{by} har slettet den {moment} (fra {file}), også her for altid:",
    "merge.erases_person": "kontaktpersonen {name} ({id}) hos {company}",
    "merge.erases_text": "tekst i {place}: »{before}« bliver til »{left}«",
    "merge.erases_again": "{name} ({id}) er slettet her og kommer tilbage fra et register, der stadig har navnet; slettes igen",
    "merge.takes_out": "»{name}« fjernes {times} {times:sted|steder} mere i tekster",
    "merge.erased": "Slettet for altid: {persons} {persons:kontaktperson|kontaktpersoner}, og navne {texts} {texts:sted|steder} i tekster; {copies} {copies:kopi|kopier} er også renset",
    "merge.done_erased": "Flettet. Det hidtidige register ligger i {kept}, men ikke længere med det, der er slettet; fortryd resten med: kmtrack restore {kept}",
    "merge.done_not_clean": "Flettet. Det hidtidige register ligger i {kept}, måske stadig med det, der er slettet; fortryd resten med: kmtrack restore {kept}",
    "question.merge_erases": "Fletningen sletter {persons} {persons:kontaktperson|kontaktpersoner} og navne {texts} {texts:sted|steder} i tekster, også i alle sikkerhedskopier. Ingen gendannelse bringer dem tilbage. Uden dem flettes intet. Vil du slette dem?",
}
