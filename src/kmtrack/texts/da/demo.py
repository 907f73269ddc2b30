"""Texts in Danish of the demonstration."""

DEMO: dict[str, str] = {
    "demo.made": "Prøveregistret ligger i {ledger}, og Excel-filen til regionen i {workbook}",
    "demo.there": "Prøveregistret findes allerede, som du forlod det. Prøv:",
    "demo.commands": "Prøv nu:",
    "demo.try.status": "Hvordan det går for hver kontaktmægler:",
    "demo.try.why": "Hvorfor en registrering afventer, og hvordan det rettes:",
    "demo.try.target": "Registreringerne bag et tal:",
    "demo.try.contact": "Et besøg hos en virksomhed, der ikke er kontaktet før:",
    "demo.try.methods": "Hvad metoderne mangler:",
    "demo.try.outcome": "Hvad virksomhederne fik ud af deres ansættelser:",
    "demo.try.due": "Hvem der skal kontaktes igen:",
    "demo.try.export": "Excel-filen til regionen, som den så ud i september:",
    "demo.try.check": "Er alt, som det skal være?",
    "error.demonstration_no_folder": "{path} er ikke en mappe; angiv en anden: kmtrack demo MAPPE",
    "error.demonstration_exists": "{path} findes allerede og overskrives aldrig; angiv en anden mappe (kmtrack demo MAPPE), eller fjern {folder}",
}
