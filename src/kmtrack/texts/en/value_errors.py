"""Sentences in English for one value that is refused: what is wrong with it, and what to type."""

VALUE_ERRORS: dict[str, str] = {
    "error.BadCharacter": "character {position} is not printable ({character}); delete it, or type the text again",
    "error.TextTooLong": "the text is {length} characters long, and the limit is {longest}; shorten it",
    "error.PasswordInText": "this looks like an address with a password in it; leave the password out",
    "error.CprNumber": "this looks like a CPR number, which must not be kept here; leave the number out",
    "error.BadCvr": "“{value}” is not a CVR number; write its 8 digits",
    "error.CvrFailsCheck": "CVR number {value} does not exist (its check digit is wrong); look it up and write it again",
    "error.CvrIsPNumber": "{value} has 10 digits, like a P number; write the company's 8-digit CVR number",
    "error.BadHeadcount": "“{value}” is not a number of employees; write a whole number like 40 or a range like 20-49 or 1000+",
    "error.AbsurdHeadcount": "“{value}” cannot be the number of employees; write a whole number like 40 or a range like 20-49",
    "error.HeadcountBecameDate": "the spreadsheet turned the number into the date {value}; format the cell as text and write it again, for example 5-9",
    "error.BadAmount": "“{value}” is not an amount in EUR million; write 12.5 for EUR 12,500,000",
    "error.AmbiguousAmount": "“{value}” can be read in two ways; write {large} or {whole}.{decimals} (EUR m)",
    "error.BadCount": "“{value}” cannot be used here; write a whole number between {lowest} and {highest}",
    "error.BadDay": "“{value}” cannot be read as a date; write it like 2011-03-04, 4.3.2011, 4 March or yesterday",
    "error.ImpossibleDay": "{value} does not exist; write a date in the years 1900-2100 like 4.3.2011",
    "error.BadInitials": "“{value}” is not a set of initials; write 1-12 letters or digits without spaces, like JHB",
}
