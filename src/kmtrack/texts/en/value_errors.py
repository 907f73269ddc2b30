"""Refusals in English of single values: what is wrong, and what to type."""

VALUE_ERRORS: dict[str, str] = {
    "error.bad_character": "character {position} is not printable ({character}); delete it, or type the text again",
    "error.text_too_long": "the text is {length} characters long, and the limit is {longest}; shorten it",
    "error.password_in_text": "this looks like an address with a password in it; leave the password out",
    "error.cpr_number": "this looks like a CPR number, which must not be kept here; leave the number out",
    "error.bad_cvr": "“{value}” is not a CVR number; write its 8 digits",
    "error.cvr_fails_check": "CVR number {value} does not exist (its check digit is wrong); look it up and write it again",
    "error.cvr_is_p_number": "{value} has 10 digits, like a P number; write the company's 8-digit CVR number",
    "error.bad_headcount": "“{value}” is not a number of employees; write a whole number like 40 or a range like 20-49 or 1000+",
    "error.absurd_headcount": "“{value}” cannot be the number of employees; write a whole number like 40 or a range like 20-49",
    "error.headcount_became_date": "the spreadsheet turned the number into the date {value}; format the cell as text and write it again, for example 5-9",
    "error.bad_amount": "“{value}” is not an amount in EUR million; write 12.5 for EUR 12,500,000",
    "error.ambiguous_amount": "“{value}” can be read in two ways; write {large} or {whole}.{decimals} (EUR m)",
    "error.bad_count": "“{value}” cannot be used here; write a whole number between {lowest} and {highest}",
    "error.bad_day": "“{value}” cannot be read as a date; write it like 2011-03-04, 4.3.2011, 4 March or yesterday",
    "error.impossible_day": "{value} does not exist; write a date in the years 1900-2100 like 4.3.2011",
    "error.bad_initials": "“{value}” is not a set of initials; write 1-12 letters or digits without spaces, like JHB",
}
