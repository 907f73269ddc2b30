"""Sentences in English for one value that is refused: what is wrong with it, and what to type."""

VALUE_ERRORS: dict[str, str] = {
    "error.BadCharacter": "character {position} cannot be seen ({character}); delete it, or type the text again",
    "error.TextTooLong": "the text has {length} characters, and there is room for {longest}; make it shorter",
    "error.PasswordInText": "this looks like an address with a password in it; leave the password out",
    "error.CprNumber": "this looks like a CPR number, which must not be kept here; write it without the number",
    "error.BadCvr": "“{value}” is no CVR number; write its 8 digits",
    "error.CvrFailsCheck": "there is no CVR number {value}, for its check digit does not fit; look it up and write it again",
    "error.CvrIsPNumber": "{value} has 10 digits like a P number; write the company's CVR number of 8 digits",
    "error.BadHeadcount": "“{value}” is no number of employees; write a whole number like 40 or a band like 20-49 or 1000+",
    "error.AbsurdHeadcount": "“{value}” cannot be the number of employees; write a whole number like 40 or a band like 20-49",
    "error.HeadcountBecameDate": "the spreadsheet has made the number into the date {value}; make the cell text, and write 5-9 or the like again",
    "error.BadAmount": "“{value}” is no amount in millions of EUR; write 12.5 for EUR 12,500,000",
    "error.AmbiguousAmount": "“{value}” can be read in two ways; write {large} or {whole}.{decimals} (EUR m)",
    "error.BadCount": "“{value}” cannot be used here; write a whole number from {lowest} to {highest}",
    "error.BadDay": "“{value}” cannot be read as a date; write it like 2011-03-04, 4.3.2011, 4 March or yesterday",
    "error.ImpossibleDay": "there is no day “{value}” in the years 1900-2100; write day, month and year like 4.3.2011",
    "error.BadInitials": "“{value}” is not initials; write 1-12 letters or digits without blanks, like JHB",
}
