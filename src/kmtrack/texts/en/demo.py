"""Texts in English of the demonstration."""

DEMO: dict[str, str] = {
    "demo.made": "The demonstration ledger is {ledger}, and the region's workbook is {workbook}",
    "demo.there": "The demonstration ledger is already there, as you left it. Try:",
    "demo.commands": "Try next:",
    "demo.try.status": "Progress by broker:",
    "demo.try.why": "Why a record is waiting, and how to fix it:",
    "demo.try.target": "The records behind a figure:",
    "demo.try.contact": "A visit to a company not contacted before:",
    "demo.try.methods": "What the methods are still missing:",
    "demo.try.outcome": "What the companies got out of their hires:",
    "demo.try.due": "Who to contact next:",
    "demo.try.export": "The region's workbook as it was in September:",
    "demo.try.check": "Is everything as it should be?",
    "error.demonstration_no_folder": "{path} is not a folder; give another one: kmtrack demo FOLDER",
    "error.demonstration_exists": "{path} already exists and is never overwritten; give another folder (kmtrack demo FOLDER) or remove {folder}",
}
