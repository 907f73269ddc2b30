"""Refusals in Danish of single values: what is wrong, and what to type."""

VALUE_ERRORS: dict[str, str] = {
    "error.bad_character": "tegn nr. {position} kan ikke vises ({character}); slet det, eller skriv teksten igen",
    "error.text_too_long": "teksten er på {length} tegn, men der er kun plads til {longest}; gør den kortere",
    "error.password_in_text": "det ligner en adresse med en adgangskode i; udelad adgangskoden",
    "error.cpr_number": "det ligner et CPR-nummer, og det må ikke gemmes her; udelad nummeret",
    "error.bad_cvr": "»{value}« er ikke et CVR-nummer; skriv de 8 cifre",
    "error.cvr_fails_check": "CVR-nummeret {value} findes ikke (kontrolcifret passer ikke); slå det op, og skriv det igen",
    "error.cvr_is_p_number": "{value} har 10 cifre som et P-nummer; skriv virksomhedens CVR-nummer på 8 cifre",
    "error.bad_headcount": "»{value}« er ikke et antal ansatte; skriv et helt tal som 40 eller et interval som 20-49 eller 1000+",
    "error.absurd_headcount": "»{value}« kan ikke være antallet af ansatte; skriv et helt tal som 40 eller et interval som 20-49",
    "error.headcount_became_date": "regnearket har lavet antallet om til datoen {value}; formatér cellen som tekst, og skriv fx 5-9 igen",
    "error.bad_amount": "»{value}« er ikke et beløb i mio. EUR; skriv fx 12,5 for 12.500.000 EUR",
    "error.ambiguous_amount": "»{value}« kan læses på to måder; skriv {large} eller {whole},{decimals} (mio. EUR)",
    "error.bad_count": "»{value}« kan ikke bruges her; skriv et helt tal mellem {lowest} og {highest}",
    "error.bad_day": "»{value}« kan ikke læses som en dato; skriv fx 4.3.2011, 4/3-2011, 4. marts eller i går",
    "error.impossible_day": "{value} findes ikke; skriv en dato i årene 1900-2100 som 4.3.2011",
    "error.bad_initials": "»{value}« er ikke initialer; skriv 1-12 bogstaver eller cifre uden mellemrum, fx JHB",
}
