"""What the demonstration says in Danish."""

DEMO: dict[str, str] = {
    "demo.made": "Prøvefilen ligger i {ledger}, og regionens projektmappe i {workbook}",
    "demo.there": "Prøvefilen er der allerede, som du forlod den. Prøv på den:",
    "demo.commands": "Prøv nu:",
    "demo.try.status": "Hvordan det går for hver kontaktmægler:",
    "demo.try.why": "Hvorfor en registrering afventer, og hvad der retter den:",
    "demo.try.target": "Hvilke registreringer der giver et tal:",
    "demo.try.contact": "Et besøg hos en virksomhed, som ingen har mødt:",
    "demo.try.methods": "Hvad metoderne mangler:",
    "demo.try.outcome": "Hvad virksomhederne fik ud af deres ansættelser:",
    "demo.try.due": "Hvem der skal kontaktes igen:",
    "demo.try.export": "Regionens projektmappe, som den så ud i september:",
    "demo.try.check": "Er alt, som det skal være?",
    "error.DemonstrationNoFolder": "{path} er ikke en mappe; angiv en anden: kmtrack demo MAPPE",
    "error.DemonstrationExists": "{path} findes allerede og overskrives aldrig; angiv en anden mappe (kmtrack demo MAPPE), eller fjern {folder}",
}
