"""Examples in Danish of every command; each is run by a test on a ledger made for it."""

EXAMPLES: dict[str, str] = {
    "init": (
        "init --municipality Viborg --broker JH\n"
        'init --municipality "Region Midtjylland" --broker JH --council Viborg'
    ),
    "company.add": (
        'company add "Skals Stål" --cvr 13585628 --municipality Viborg\n'
        "company add Østjysk --employees 20-49 --visited-before 1.10.2010"
    ),
    "company.list": ("company list --mine --since 1.1.2011\ncompany list odder"),
    "company.show": ("company show hedelund\ncompany show 13748136"),
    "company.edit": (
        'company edit "mols bogtryk" --cvr 13585628\n'
        "company edit hedelund --employees 260 --from 1.5.2011"
    ),
    "company.withdraw": (
        'company withdraw stilling --reason "Findes ikke"\n'
        'company withdraw "odder tryk" --reason "Lukket før 2011"'
    ),
    "company.join": (
        'company join "mols bogtryk" "mols bogtrykkeri"\n'
        'company join "odder tryk" "odder bogtryk" --json'
    ),
    "company.succeed": (
        "company succeed 13748136 24256790 --from 1.4.2011\n"
        'company succeed "skive smedje" "skive stål" --withdraw Fejl'
    ),
    "contact.add": (
        'contact add hedelund --date 1.6. --person "Inger Holm" --next 1.9.\n'
        'contact add 24256790 --channel telefon --note "Vil høre om praktik"'
    ),
    "contact.list": (
        "contact list --company hedelund\ncontact list --mine --since 1.5.2011 --sort company"
    ),
    "contact.show": ("contact show last\ncontact show hedelund 1.3.2011"),
    "contact.edit": (
        "contact edit last --channel telefon\ncontact edit hedelund 1.3.2011 --date 2.3.2011"
    ),
    "contact.withdraw": (
        'contact withdraw last --reason "Registreret to gange"\n'
        'contact withdraw hedelund 1.3.2011 --reason "Mødet blev aflyst"'
    ),
    "followup.add": (
        'followup add hedelund --channel telefon --note "Har ansat"\n'
        "followup add hedelund --date 20.6. --next 1.10."
    ),
    "followup.list": (
        "followup list --company hedelund\nfollowup list --status afventer --limit 10"
    ),
    "followup.show": ("followup show last\nfollowup show hedelund 1.5.2011"),
    "followup.edit": (
        "followup edit last --next 1.9.\nfollowup edit hedelund 1.5.2011 --channel møde"
    ),
    "followup.withdraw": (
        'followup withdraw last --reason "Registreret to gange"\n'
        'followup withdraw hedelund 1.5.2011 --reason "Mødet blev aflyst"'
    ),
    "followup.due": ("followup due\nfollowup due --until 1.9."),
    "collaboration.add": (
        "collaboration add hedelund --kind projekt --agreed 15.5. --students 3\n"
        "collaboration add hedelund --kind praktik --start 1.8.2011"
    ),
    "collaboration.list": (
        "collaboration list --kind praktik\ncollaboration list --out samarbejder.csv"
    ),
    "collaboration.show": ("collaboration show last\ncollaboration show last --json"),
    "collaboration.edit": (
        "collaboration edit last --end 1.12.\n"
        'collaboration edit last --institution "VIA University College"'
    ),
    "collaboration.withdraw": (
        'collaboration withdraw last --reason "Blev ikke til noget"\n'
        "collaboration withdraw hedelund 1.4.2011 --reason Dublet"
    ),
    "hire.add": (
        "hire add hedelund --level kandidat --agreed 15.5.2011\n"
        "hire add hedelund --level phd --terms tilskud --hours 37"
    ),
    "hire.list": ("hire list --level kandidat\nhire list --council Viborg"),
    "hire.show": ("hire show last\nhire show last --json"),
    "hire.edit": ("hire edit last --field Datalogi\nhire edit last --permanent"),
    "hire.withdraw": (
        'hire withdraw last --reason "Sagde nej tak"\n'
        'hire withdraw hedelund 2.4.2011 --reason "Registreret to gange"'
    ),
    "survey.due": ("survey due\nsurvey due --wave før"),
    "survey.form": (
        "survey form hedelund skema.xlsx --return-by 15.7.\nsurvey form --municipality Viborg kommune.xlsx"
    ),
    "survey.import": ("survey import svar.xlsx\nsurvey import svar.xlsx --incomplete"),
    "survey.answer": (
        "survey answer hedelund --answer product=3 --answer satisfaction=4\n"
        "survey answer --municipality Viborg --answer anchoring=2"
    ),
    "survey.report": ("survey report\nsurvey report --by kommune"),
    "survey.list": ("survey list\nsurvey list --csv"),
    "survey.show": ("survey show last\nsurvey show last --json"),
    "survey.withdraw": (
        'survey withdraw last --reason "Svarede for en anden"\n'
        "survey withdraw last --reason Fejl --json"
    ),
    "method.add": (
        "method add Behovssamtale --kind metode --for virksomheder\n"
        'method add "Kursus for studerende" --kind koncept --for begge'
    ),
    "method.assess": (
        'method assess opgave --verdict bevares --text "Bruges hver uge"\n'
        'method assess opgave --verdict opgives --text "Tager for lang tid"'
    ),
    "method.disseminate": (
        "method disseminate opgave --to virksomheder --how nyhedsbrev\n"
        "method disseminate opgave --to kommuner --how møde --date 1.6."
    ),
    "method.used": ("method used opgave --contact last\nmethod used opgave --contact last --json"),
    "method.list": ("method list\nmethod list --csv"),
    "method.show": ("method show opgave\nmethod show opgave --json"),
    "method.edit": (
        'method edit opgave --name "Katalog over opgaver"\nmethod edit opgave --kind koncept'
    ),
    "method.withdraw": (
        'method withdraw opgave --reason "Aldrig brugt"\n'
        "method withdraw opgave --reason Dublet --json"
    ),
    "deliverable.list": ("deliverable list\ndeliverable list --as-of 1.3.2011"),
    "deliverable.show": (
        "deliverable show continuation-model\ndeliverable show project-management"
    ),
    "deliverable.log": (
        'deliverable log project-management --text "Møde i styregruppen"\n'
        'deliverable log project-management --date 1.2.2011 --text "Etableret"'
    ),
    "deliverable.check": (
        "deliverable check continuation-model resources\n"
        "deliverable check continuation-model anchoring --date 1.6.2011"
    ),
    "deliverable.submit": (
        "deliverable submit continuation-model --file model.pdf\n"
        'deliverable submit continuation-model --text "Sendt med brev"'
    ),
    "deliverable.withdraw": (
        'deliverable withdraw last --reason "Forkert dag"\n'
        "deliverable withdraw last --reason Dublet --json"
    ),
    "today": ("today\ntoday --json"),
    "status": ("status\nstatus hires --as-of 30.4.2011"),
    "why": ("why last\nwhy hires"),
    "history": ("history\nhistory hedelund --since 1.1.2011"),
    "history.correct-time": (
        'history correct-time 3 --to 30.6.2011 --reason "Forkert ur"\n'
        'history correct-time 3-4 --to 30.6.2011 --reason "Forkert ur" --json'
    ),
    "undo": ("undo --dry-run\nundo 4 --yes"),
    "redo": ("redo --dry-run\nredo --yes"),
    "contract.show": ("contract show\ncontract show --json"),
    "contract.amend": (
        'contract amend --minimum hires=75 --reason "Regionens brev"\n'
        "contract amend --last-day 30.6.2013"
    ),
    "export": ("export region.xlsx\nexport region.xlsx --as-of 28.2.2011"),
    "template": ("template skabelon.xlsx\ntemplate template.xlsx --lang en"),
    "import": ("import kontakter.csv --dry-run\nimport kontakter.csv --as contact --channel besøg"),
    "merge": ("merge mk.db --dry-run\nmerge mk.db --yes"),
    "bundle": ("bundle nyt.db\nbundle nyt.db --since 1.5.2011"),
    "broker.add": ('broker add AB\nbroker add AB --council "Skive Erhvervsråd"'),
    "broker.edit": (
        'broker edit MK --council "Skive Erhvervsråd"\n'
        'broker edit MK --council "Skive Erhvervsråd" --json'
    ),
    "broker.me": ("broker me\nbroker me JH"),
    "broker.list": ("broker list\nbroker list --json"),
    "person.show": ('person show "inger holm"\nperson show inger --json'),
    "person.stale": ("person stale --before 1.4.2011\nperson stale --before 1.4.2011 --json"),
    "person.erase": (
        'person erase "inger holm" --yes\nperson erase --text "inger holm" --yes --json'
    ),
    "check": ("check\ncheck --json"),
    "backup": ("backup\nbackup kopier --keep 20"),
    "restore": ("restore kopi.db --dry-run\nrestore kopi.db --yes"),
    "config": ("config\nconfig sprog dansk"),
    "demo": ("demo\ndemo kmtrack-test"),
}
