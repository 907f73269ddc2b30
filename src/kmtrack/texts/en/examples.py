"""Examples in English of every command; each is run by a test on a ledger made for it."""

EXAMPLES: dict[str, str] = {
    "init": (
        "init --municipality Viborg --broker JH\n"
        'init --municipality "Region Midtjylland" --broker JH --council Viborg'
    ),
    "company.add": (
        'company add "Skals Stål" --cvr 13585628 --municipality Viborg\n'
        "company add Østjysk --employees 20-49 --visited-before 2010-10-01"
    ),
    "company.list": ("company list --mine --since 2011-01-01\ncompany list odder"),
    "company.show": ("company show hedelund\ncompany show 13748136"),
    "company.edit": (
        'company edit "mols bogtryk" --cvr 13585628\n'
        "company edit hedelund --employees 260 --from 2011-05-01"
    ),
    "company.withdraw": (
        'company withdraw stilling --reason "Does not exist"\n'
        'company withdraw "odder tryk" --reason "Closed before 2011"'
    ),
    "company.join": (
        'company join "mols bogtryk" "mols bogtrykkeri"\n'
        'company join "odder tryk" "odder bogtryk" --json'
    ),
    "company.succeed": (
        "company succeed 13748136 24256790 --from 2011-04-01\n"
        'company succeed "skive smedje" "skive stål" --withdraw Mistake'
    ),
    "contact.add": (
        'contact add hedelund --date 1.6. --person "Inger Holm" --next 1.9.\n'
        'contact add 24256790 --channel phone --note "Asked about interns"'
    ),
    "contact.list": (
        "contact list --company hedelund\ncontact list --mine --since 2011-05-01 --sort company"
    ),
    "contact.show": ("contact show last\ncontact show hedelund 2011-03-01"),
    "contact.edit": (
        "contact edit last --channel phone\ncontact edit hedelund 2011-03-01 --date 2011-03-02"
    ),
    "contact.withdraw": (
        'contact withdraw last --reason "Entered twice"\n'
        'contact withdraw hedelund 2011-03-01 --reason "Was cancelled"'
    ),
    "followup.add": (
        'followup add hedelund --channel phone --note "Has hired"\n'
        "followup add hedelund --date 20.6. --next 1.10."
    ),
    "followup.list": (
        "followup list --company hedelund\nfollowup list --status waiting --limit 10"
    ),
    "followup.show": ("followup show last\nfollowup show hedelund 2011-05-01"),
    "followup.edit": (
        "followup edit last --next 1.9.\nfollowup edit hedelund 2011-05-01 --channel meeting"
    ),
    "followup.withdraw": (
        'followup withdraw last --reason "Entered twice"\n'
        'followup withdraw hedelund 2011-05-01 --reason "Was cancelled"'
    ),
    "followup.due": ("followup due\nfollowup due --until 1.9."),
    "collaboration.add": (
        "collaboration add hedelund --kind project --agreed 15.5. --students 3\n"
        "collaboration add hedelund --kind internship --start 2011-08-01"
    ),
    "collaboration.list": (
        "collaboration list --kind internship\ncollaboration list --out collaborations.csv"
    ),
    "collaboration.show": ("collaboration show last\ncollaboration show last --json"),
    "collaboration.edit": (
        "collaboration edit last --end 1.12.\n"
        'collaboration edit last --institution "VIA University College"'
    ),
    "collaboration.withdraw": (
        'collaboration withdraw last --reason "Came to nothing"\n'
        "collaboration withdraw hedelund 2011-04-01 --reason Duplicate"
    ),
    "hire.add": (
        "hire add hedelund --level master --agreed 2011-05-15\n"
        "hire add hedelund --level phd --terms subsidised --hours 37"
    ),
    "hire.list": ("hire list --level master\nhire list --council Viborg"),
    "hire.show": ("hire show last\nhire show last --json"),
    "hire.edit": ('hire edit last --field "Computer science"\nhire edit last --permanent'),
    "hire.withdraw": (
        'hire withdraw last --reason "Declined the offer"\n'
        'hire withdraw hedelund 2011-04-02 --reason "Entered twice"'
    ),
    "survey.due": ("survey due\nsurvey due --wave before"),
    "survey.form": (
        "survey form hedelund form.xlsx --return-by 15.7.\nsurvey form --municipality Viborg municipality.xlsx"
    ),
    "survey.import": ("survey import svar.xlsx\nsurvey import svar.xlsx --incomplete"),
    "survey.answer": (
        "survey answer hedelund --answer product=3 --answer satisfaction=4\n"
        "survey answer --municipality Viborg --answer anchoring=2"
    ),
    "survey.report": ("survey report\nsurvey report --by municipality"),
    "survey.list": ("survey list\nsurvey list --csv"),
    "survey.show": ("survey show last\nsurvey show last --json"),
    "survey.withdraw": (
        'survey withdraw last --reason "Answered for somebody else"\n'
        "survey withdraw last --reason Mistake --json"
    ),
    "method.add": (
        'method add "Needs interview" --kind method --for companies\n'
        'method add "Course for students" --kind concept --for both'
    ),
    "method.assess": (
        'method assess opgave --verdict keep --text "Used every week"\n'
        'method assess opgave --verdict drop --text "Takes too long"'
    ),
    "method.disseminate": (
        "method disseminate opgave --to companies --how newsletter\n"
        "method disseminate opgave --to municipalities --how meeting"
    ),
    "method.used": ("method used opgave --contact last\nmethod used opgave --contact last --json"),
    "method.list": ("method list\nmethod list --csv"),
    "method.show": ("method show opgave\nmethod show opgave --json"),
    "method.edit": ('method edit opgave --name "List of tasks"\nmethod edit opgave --kind concept'),
    "method.withdraw": (
        'method withdraw opgave --reason "Never used"\n'
        "method withdraw opgave --reason Duplicate --json"
    ),
    "deliverable.list": ("deliverable list\ndeliverable list --as-of 2011-03-01"),
    "deliverable.show": (
        "deliverable show continuation-model\ndeliverable show project-management"
    ),
    "deliverable.log": (
        'deliverable log project-management --text "Steering group meeting"\n'
        'deliverable log project-management --date 2011-02-01 --text "Set up"'
    ),
    "deliverable.check": (
        "deliverable check continuation-model resources\n"
        "deliverable check continuation-model anchoring --date 2011-06-01"
    ),
    "deliverable.submit": (
        "deliverable submit continuation-model --file model.pdf\n"
        'deliverable submit continuation-model --text "Sent by letter"'
    ),
    "deliverable.withdraw": (
        'deliverable withdraw last --reason "Wrong day"\n'
        "deliverable withdraw last --reason Duplicate --json"
    ),
    "today": ("today\ntoday --json"),
    "status": ("status\nstatus hires --as-of 2011-04-30"),
    "why": ("why last\nwhy hires"),
    "history": ("history\nhistory hedelund --since 2011-01-01"),
    "history.correct-time": (
        'history correct-time 3 --to 2011-06-30 --reason "Wrong clock"\n'
        'history correct-time 3-4 --to 2011-06-30 --reason "Wrong clock" --json'
    ),
    "undo": ("undo --dry-run\nundo 4 --yes"),
    "redo": ("redo --dry-run\nredo --yes"),
    "contract.show": ("contract show\ncontract show --json"),
    "contract.amend": (
        'contract amend --minimum hires=75 --reason "The region’s letter"\n'
        "contract amend --last-day 2013-06-30"
    ),
    "export": ("export region.xlsx\nexport region.xlsx --as-of 2011-02-28"),
    "template": ("template template.xlsx\ntemplate skabelon.xlsx --lang da"),
    "import": ("import kontakter.csv --dry-run\nimport kontakter.csv --as contact --channel visit"),
    "merge": ("merge mk.db --dry-run\nmerge mk.db --yes"),
    "bundle": ("bundle news.db\nbundle news.db --since 2011-05-01"),
    "broker.add": ('broker add AB\nbroker add AB --council "Skive Erhvervsråd"'),
    "broker.edit": (
        'broker edit MK --council "Skive Erhvervsråd"\n'
        'broker edit MK --council "Skive Erhvervsråd" --json'
    ),
    "broker.me": ("broker me\nbroker me JH"),
    "broker.list": ("broker list\nbroker list --json"),
    "person.show": ('person show "inger holm"\nperson show inger --json'),
    "person.stale": ("person stale --before 2011-04-01\nperson stale --before 2011-04-01 --json"),
    "person.erase": (
        'person erase "inger holm" --yes\nperson erase --text "inger holm" --yes --json'
    ),
    "check": ("check\ncheck --json"),
    "backup": ("backup\nbackup copies --keep 20"),
    "restore": ("restore kopi.db --dry-run\nrestore kopi.db --yes"),
    "config": ("config\nconfig language English"),
    "demo": ("demo\ndemo kmtrack-test"),
}
