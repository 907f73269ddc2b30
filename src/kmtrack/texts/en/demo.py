"""What the demonstration says in English."""

DEMO: dict[str, str] = {
    "demo.made": "The demonstration ledger is {ledger}, and the region's workbook {workbook}",
    "demo.there": "A demonstration is there already, as you left it. Try on it:",
    "demo.commands": "Try next:",
    "demo.try.status": "How each broker stands:",
    "demo.try.why": "Why a record waits, and what mends it:",
    "demo.try.target": "Which records make a number:",
    "demo.try.contact": "A visit to a company that nobody has met:",
    "demo.try.methods": "What the methods still lack:",
    "demo.try.outcome": "What the companies got out of their hires:",
    "demo.try.due": "Whom to call on next:",
    "demo.try.export": "The workbook as the region got it in September:",
    "demo.try.check": "Is everything as it should be?",
    "error.DemonstrationNoFolder": "{path} is no folder; name another one: kmtrack demo FOLDER",
    "error.DemonstrationExists": "{path} is there already and is never overwritten; name another folder (kmtrack demo FOLDER) or remove {folder}",
}
