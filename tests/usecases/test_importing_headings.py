"""Headings as other programs write them: which field each means, and which are rightly left out."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, Final

import openpyxl
import pytest

from builders import CVR, refuses
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.imports.column_choices import ColumnChoices
from kmtrack.usecases.imports.columns import Strength, may_mean, meaning
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.heading_rows import HeadingRow, nouns_that_fit
from kmtrack.usecases.imports.ignored_headings import is_no_fact
from kmtrack.usecases.imports.list_columns import read_headings
from kmtrack.usecases.imports.options import ImportOptions
from kmtrack.views.import_preview import render_preview
from kmtrack.views.imports import result_as_dict

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.imports.result import ImportResult
    from kmtrack.usecases.session import Session

OTHER_CVR: Final = "13585628"

# What each heading means in a list of companies; "" for what is no fact there.
OF_COMPANIES: Final = {
    "cvr": "cvr", "CVR": "cvr", "CVR nummer": "cvr", "CVR-nummer": "cvr", "CVR-nr.": "cvr",
    "CVRNR": "cvr", "cvrNr": "cvr", "cvr_number": "cvr", "cvrNummer": "cvr", "CVR NO": "cvr",
    "SE/CVR-nr.": "cvr", "CVR/SE-nr": "cvr", "CVR (8 cifre)": "cvr", "\ufeffCVR": "cvr",
    "Momsnr.": "cvr", "Org.nr.": "cvr", "Virksomhedens CVR-nr.": "cvr", "vat": "cvr",
    "VAT No": "cvr", "VAT number": "cvr", "VAT Registration No.": "cvr", "VAT ID": "cvr",
    "Tax ID": "cvr", "Company Registration Number": "cvr", "Organisationsnummer": "cvr",
    "navn": "name", "Navn": "name", "navn_tekst": "name", "Virksomhedsnavn": "name",
    "VIRKSOMHED": "name", "Virksomheder": "name", "Virksomhedens navn": "name",
    "Viksomhedens navn": "name", "Firma": "name", "firmanavn": "name", "Firmaets navn": "name",
    "Kundenavn": "name", "Kunde": "name", "Debitornavn": "name", "Organisation": "name",
    "Selskabsnavn": "name", "Bedrift": "name", "Arbejdsplads": "name", "Ans\u00e6ttelsessted": "name",
    "Ansaettelsessted": "name", "Kontaktnavn": "name", "Kontakt": "name", "name": "name",
    "Name": "name", "companyName": "name", "Company Name": "name", "Company": "name",
    "Account Name": "name", "Account": "name", "Associated Company": "name",
    "Organization - Name": "name", "Organization": "name", "Customer Name": "name",
    "Client": "name", "Business name": "name", "Legal name": "name", "Employer": "name",
    "Kommune": "municipality", "kommunenavn": "municipality", "KOMMUNE_NAVN": "municipality",
    "kommuneKode": "municipality", "Kommunekode": "municipality", "komkode": "municipality",
    "kom_kode": "municipality", "Kommunenr.": "municipality", "Beliggenhedskommune": "municipality",
    "beliggenhedsadresse_kommune_kode": "municipality", "Hjemkommune": "municipality",
    "beliggenhedsadresse_kommune_tekst": "municipality", "Municipality": "municipality",
    "municipality_code": "municipality",
    "Ansatte": "employees", "Antal ansatte": "employees", "antal_ansatte": "employees",
    "AntalAnsatte": "employees", "Medarbejdere": "employees", "Antal medarbejdere": "employees",
    "Ansatte (antal)": "employees", "kvartalbes_interval": "employees",
    "maanedsbeskaeftigelse_antalAnsatteInterval": "employees", "\u00c5rsv\u00e6rk": "employees",
    "aarsbeskaeftigelse_antalAnsatte": "employees", "employees": "employees",
    "Number of Employees": "employees", "No. of Employees": "employees", "NumberOfEmployees": "employees",
    "Employee count": "employees", "Company size": "employees", "Headcount": "employees",
    "Bedriftsnavn": "name", "Arbejdsgivers navn": "name", "Virksomhed/institution": "name",
    "VAT/CVR": "cvr", "CompanyOrganizationNumber": "cvr", "CompanyEmployees": "employees",
    "Oms\u00e6tning": "turnover", "Omsaetning": "turnover", "CompanyTurnover": "turnover",
    "Balancesum": "balance", "Tidligere bes\u00f8gt": "visited_before",
    "postadresse_kommune_kode": "", "postadresse_postnr": "", "livsforloeb_startdato": "",
    "reklamebeskyttelse": "", "hovedbranche_tekst": "", "kreditoplysninger_tekst": "",
    "produktionsenheder": "", "P nummer": "", "Branche": "", "Branchekode": "", "virksomhedsform": "",
    "Status": "", "Adresse": "", "Postnr": "", "Postnr.": "", "By": "", "Land": "", "Landekode": "",
    "Telefon": "", "Tlf.": "", "Mobil": "", "E-mail": "", "Email Address": "", "Hjemmeside": "",
    "Website URL": "", "Fax": "", "EAN-nummer": "", "Kundenr": "", "Record ID": "", "zipcode": "",
    "industrycode": "", "Country/Region": "", "Phone Number": "", "Create Date": "",
    "Lifecycle Stage": "", "Balance (LCY)": "", "Betalingsfrist i dage": "", "Customer No.": "",
    "Oms\u00e6tning (1.000 kr.)": "", "Oms\u00e6tning (t.kr.)": "", "Annual Revenue": "",
}  # fmt: skip
OF_CONTACTS: Final = {
    "Virksomhed": "company", "companyName": "company", "Ansættelsessted": "company",
    "Kundenavn": "company", "CVR-nr.": "cvr", "VAT No": "cvr", "Parent Customer": "company",
    "Dato": "date", "kontaktet": "date", "Besøgsdato": "date", "Mødedato": "date",
    "Dato for besøg": "date", "Besøgt den": "date", "Last Activity Date": "date", "Dato/tid": "date",
    "Activity Date": "date", "Visit date": "date", "Senest kontaktet": "date", "Last contacted": "date",
    "Kontaktform": "channel", "Besøgsform": "channel", "Activity Type": "channel",
    "kontakt": "person", "Kontaktperson": "person", "Kontaktpersoner": "person",
    "Primary Contact": "person", "Att. person": "person", "Att.": "person", "Attention": "person",
    "Contact Person": "person", "Contact Name": "person", "Talte med": "person",
    "Note": "note", "Notes": "note", "notes": "note", "Noter": "note", "Bemærkninger": "note",
    "Bemaerkning": "note", "Kommentar": "note", "Referat": "note", "Description": "note",
    "Mødenoter": "note", "Internal notes": "note", "Bemærkninger/noter": "note", "Deal - Owner": "broker",
    "Beskrivelse": "note", "Comments": "note", "Subject": "note",
    "Organization - Owner": "broker", "Our contact": "broker", "Kundeansv 1": "broker",
    "kontoansvarlig": "broker", "Sælgerkode": "broker", "Saelgerkode": "broker",
    "CompanyOwner": "broker", "Company owner": "broker", "Contact owner": "broker",
    "Ansvarlig": "broker", "Konsulent": "broker", "Initialer": "broker", "Salesperson Code": "broker",
    "Account Manager": "broker", "Assigned to": "broker", "Owner": "broker", "Sagsbehandler": "broker",
    "Opfølgning": "next", "Opfølgningsdato": "next", "Next Activity Date": "next", "Follow-up": "next",
    "Ring igen": "next", "Due Date": "next", "Telefon": "", "Job Title": "", "First Name": "",
    "Klient": "company", "Mødetype": "channel", "Følg op": "next", "Ring igen den": "next",
    "Jobkonsulent": "broker", "Selskabstype": "", "Stiftelsesår": "", "Tlf. mobil": "",
    "Faktura e-mail": "", "Oprettet dato": "", "Vejnavn og nr.": "", "Land/område": "",
    "Postnummer": "", "Kommune": "", "Antal ansatte": "", "Business Street": "", "Labels": "",
}  # fmt: skip
OF_COLLABORATIONS: Final = {
    "Praktiksted": "company", "Samarbejdsform": "kind", "Type": "kind", "Aftalt den": "agreed",
    "Underskrevet": "agreed", "Startdato": "start", "Fra": "start", "Slutdato": "end", "Til": "end",
    "Uddannelsessted": "institution", "University": "institution", "Projekttitel": "title",
    "Emne": "title", "Antal studerende": "students", "Students": "students",
}  # fmt: skip
OF_HIRES: Final = {
    "Arbejdsgiver": "company", "Uddannelse": "level", "Niveau": "level", "Degree": "level",
    "Tiltrædelse": "start", "Ansat fra": "start", "Hire date": "start", "Fratrædelse": "end",
    "Studieretning": "field", "Ansættelsesform": "terms", "Timer/uge": "hours",
    "Ugentlige timer": "hours", "Weekly hours": "hours", "Fastansat": "permanent", "Skole": "institution",
}  # fmt: skip
_LISTS: Final = {
    "company": OF_COMPANIES,
    "contact": OF_CONTACTS,
    "collaboration": OF_COLLABORATIONS,
    "hire": OF_HIRES,
}
_HEADINGS: Final = [
    (noun, heading, field) for noun, known in _LISTS.items() for heading, field in known.items()
]


@pytest.mark.parametrize("noun", _LISTS)
def test_a_real_heading_is_understood_or_rightly_left_out(noun: str) -> None:
    for heading, field in _LISTS[noun].items():
        means = meaning(noun, heading)
        if field:
            assert field in [one.field for one in means], heading
        else:
            assert not means, heading
            # It is told of together with others of its kind, or asked about, but never called unknown.
            others = any(meaning(other, heading) for other in _LISTS if other != noun)
            told = is_no_fact(heading) or others or may_mean(noun, heading) or "(" in heading
            assert told, heading


def test_the_table_of_headings_is_long_enough() -> None:
    assert len(_HEADINGS) > 200


@pytest.mark.parametrize(
    "heading",
    [
        *("Fornavn", "Brugernavn", "Produktnavn", "Navn/titel", "Navn og adresse", "Ejer", "Farve"),
        *(
            "Postnr/by",
            "Dato/note",
            "Projektleder",
            "Kundetype",
            "Kontakt oprettet",
            "Telefon/mail",
        ),
        "Medarbejder",
        "Min egen",
        "Kontakttype",
        "Dage",
        "Saldo",
        "Resultat",
        "Kontaktmåned",
    ],
)
@pytest.mark.parametrize("noun", ["company", "contact"])
def test_no_heading_is_taken_for_what_it_is_not(noun: str, heading: str) -> None:
    assert not meaning(noun, heading)


def test_a_heading_means_one_field_for_certain() -> None:
    for noun, heading, _ in _HEADINGS:
        sure = [one for one in meaning(noun, heading) if one.strength <= Strength.CERTAIN]
        assert len(sure) <= 1


# Heading rows of programs, what their rows are ("" where nobody may guess), and what is read.
_ROWS: Final = {
    "Business Central, Danish": (
        "Nummer;Navn;Navn 2;Adresse;Postnr.;By;CVR-nr.;Kontakt;Telefon;Sælgerkode;Saldo (RV)",
        "company",
        {"Navn": "name", "CVR-nr.": "cvr"},
    ),
    "Business Central, English": (
        "No.;Name;Name 2;Address;Post Code;City;VAT Registration No.;Phone No.;E-Mail;Balance (LCY)",
        "company",
        {"Name": "name", "VAT Registration No.": "cvr"},
    ),
    "e-conomic": (
        (
            "Kundenr.;Navn;Adresse;Postnr.;By;Land;CVR-nr.;EAN-nr.;E-mail;Kundegruppe;Valuta;"
            "Betalingsbetingelse;Momszone"
        ),
        "company",
        {"Navn": "name", "CVR-nr.": "cvr"},
    ),
    "HubSpot, contacts": (
        (
            "Record ID;First Name;Last Name;Email;Phone Number;Contact owner;Associated Company;"
            "Last Activity Date;Lead Status;Create Date"
        ),
        "",
        {},
    ),
    "Dynamics, accounts": (
        (
            "(Do Not Modify) Account;(Do Not Modify) Row Checksum;(Do Not Modify) Modified On;Account Name;"
            "Main Phone;Address 1: City;Number of Employees;VAT Number"
        ),
        "company",
        {"Account Name": "name", "Number of Employees": "employees", "VAT Number": "cvr"},
    ),
    "Salesforce, accounts": (
        "Account Name;Billing City;Billing Country;Employees;Account Owner;Last Activity;Industry",
        "company",
        {"Account Name": "name", "Employees": "employees"},
    ),
    "24SevenOffice": (
        "CompanyName;CompanyOrganizationNumber;CompanyEmployees;CompanyPhone;CompanyEmail;CompanyOwner",
        "company",
        {
            "CompanyName": "name",
            "CompanyOrganizationNumber": "cvr",
            "CompanyEmployees": "employees",
        },
    ),
    "SuperOffice": (
        "Name;VAT No;Category;Business;Our contact;Number;Phone;Web address",
        "company",
        {"Name": "name", "VAT No": "cvr"},
    ),
    "Pipedrive, activities": (
        (
            "Activity - Organization;Activity - Contact person;Activity - Type;Activity - Due date;"
            "Activity - Note;Activity - Assigned to user"
        ),
        "",
        {},
    ),
    "Google, contacts": (
        (
            "First Name;Middle Name;Last Name;Nickname;Organization Name;Organization Title;Birthday;Notes;"
            "Labels;E-mail 1 - Label;E-mail 1 - Value;Phone 1 - Label;Phone 1 - Value;Address 1 - City"
        ),
        "",
        {},
    ),
    "Outlook, calendar": (
        (
            "Subject;Start Date;Start Time;End Date;End Time;All day event;Meeting Organizer;Description;"
            "Location"
        ),
        "",
        {},
    ),
    "participants": (
        "Deltager;Titel;Ansættelsessted;CVR-nr.;E-mail;Tilmeldt",
        "company",
        {"Ansættelsessted": "name", "CVR-nr.": "cvr"},
    ),
    "municipal tool": (
        (
            "CVR-nummer;P-nummer;Navn;Adresse;Postnr;By;Kommunenavn;Antal ansatte (interval);Hovedbranche;"
            "Virksomhedsform;Stiftet;Reklamebeskyttet"
        ),
        "company",
        {
            "CVR-nummer": "cvr",
            "Navn": "name",
            "Kommunenavn": "municipality",
            "Antal ansatte (interval)": "employees",
        },
    ),
    "a broker's own": (
        "Firma;CVR nr.;Besøgt d.;Kontaktperson;Tlf.;Referat;Opfølges den;KM",
        "contact",
        {
            "Firma": "company",
            "CVR nr.": "cvr",
            "Besøgt d.": "date",
            "Kontaktperson": "person",
            "Referat": "note",
            "Opfølges den": "next",
            "KM": "broker",
        },
    ),
    "internships": (
        "Praktiksted;CVR;Type;Uddannelsessted;Startdato;Slutdato;Underskrevet;Vejleder",
        "collaboration",
        {
            "Praktiksted": "company",
            "CVR": "cvr",
            "Type": "kind",
            "Uddannelsessted": "institution",
            "Startdato": "start",
            "Slutdato": "end",
            "Underskrevet": "agreed",
        },
    ),
    "graduates": (
        "Arbejdsgiver;CVR-nr;Uddannelsesniveau;Studieretning;Ansat fra;Timer pr. uge;Fastansat",
        "hire",
        {
            "Arbejdsgiver": "company",
            "CVR-nr": "cvr",
            "Uddannelsesniveau": "level",
            "Studieretning": "field",
            "Ansat fra": "start",
            "Timer pr. uge": "hours",
            "Fastansat": "permanent",
        },
    ),
}


@pytest.mark.parametrize("program", _ROWS)
def test_the_list_of_a_program_is_recognised(session: Session, program: str) -> None:
    headings, noun, columns = _ROWS[program]
    row = HeadingRow(1, headings.split(";"))
    choices = ColumnChoices(session.store)
    fitting = nouns_that_fit(row, choices)
    assert (fitting == [noun]) if noun else (len(fitting) != 1)
    if noun:
        read = read_headings(noun, row, program, {})
        assert {column.text: column.field for column in read.known} == columns


def test_an_export_of_activities_is_understood_if_someone_says_so() -> None:
    row = HeadingRow(1, _ROWS["Pipedrive, activities"][0].split(";"))
    read = read_headings("contact", row, "", {})
    assert [column.field for column in read.known] == [
        "company", "person", "channel", "date", "note", "broker"
    ]  # fmt: skip


def file_of(folder: Path, text: str, name: str = "liste.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def workbook_of(folder: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / "mappe.xlsx")
    return folder / "mappe.xlsx"


def rows_of(session: Session, noun: str) -> list[dict[str, Any]]:
    return [dict(row) for row in session.store.all(f"SELECT * FROM {noun} ORDER BY id")]


def columns_of(result: ImportResult) -> dict[str, str]:
    return {column.heading: column.field for sheet in result.sheets for column in sheet.columns}


def test_the_registers_own_list_is_read(session: Session, tmp_path: Path) -> None:
    headings = [
        *("cvrnr", "navn_gyldigFra", "navn_tekst", "beliggenhedsadresse_kommune_kode"),
        *("beliggenhedsadresse_kommune_tekst", "aarsbeskaeftigelse_aar"),
        *("aarsbeskaeftigelse_antalAnsatte", "maanedsbeskaeftigelse_antalAnsatteInterval"),
    ]
    with (tmp_path / "VIRKSOMHEDER.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(headings)
        writer.writerow([CVR, "1967", "PROSOFT A/S", "0791", "VIBORG", "2012", "20", ""])
        writer.writerow([OTHER_CVR, "1967", "Alfa", "", "SKIVE", "2012", "7", "ANTAL_5_9"])
    result = import_file(session, tmp_path / "VIRKSOMHEDER.csv")
    found = {row["cvr"]: row for row in rows_of(session, "company")}
    assert (found[CVR]["municipality"], found[CVR]["employees"]) == ("791", "20")
    # What is newest goes first, and the name of the municipality stands in for its code.
    assert (found[OTHER_CVR]["municipality"], found[OTHER_CVR]["employees"]) == ("779", "5-9")
    assert not result.is_clear or result.ignored_columns


@pytest.mark.parametrize(
    "text",
    [
        "Navn;Telefon;E-mail;Firma;Adresse\nInger Holm;1;a@b.dk;CS A/S;Vej 1\n",
        "Navn;Telefon\nInger Holm;86000000\n",
        "Fornavn;Efternavn;Firma\nInger;Holm;CS A/S\n",
        "Name,E-mail 1 - Value,Organization 1 - Name\nInger,a@b.dk,CS\n",
        "Company,Job Title,E-mail Address\nCS A/S,Chef,a@b.dk\n",
    ],
)
@pytest.mark.parametrize("name", ["liste.csv", "virksomheder.csv"])
def test_people_are_never_companies_by_guess(
    session: Session, tmp_path: Path, text: str, name: str
) -> None:
    with refuses("people_or_companies") as refused:
        import_file(session, file_of(tmp_path, text, name))
    assert "--as company" in refused.value.sentence()
    assert rows_of(session, "company") == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("First Name,Last Name,Company\nIb,Person,CS\n", "people_or_companies"),
        ("First Name,Last Name,Company,Notes\nIb,Person,CS,\n", "list_of_people"),
        ("Given Name,Family Name,E-mail 1 - Value\nIb,Person,a@b.dk\n", "list_of_people"),
        ("Fornavn;Efternavn;Mobil\nIb;Person;20000000\n", "list_of_people"),
    ],
)
@pytest.mark.parametrize("name", ["outlook_contacts.csv", "kontakter.csv", "liste.csv"])
def test_people_are_no_contacts_whatever_their_file_is_called(
    session: Session, tmp_path: Path, text: str, key: str, name: str
) -> None:
    with refuses(key) as refused:
        import_file(session, file_of(tmp_path, text, name))
    assert "people" in refused.value.sentence()


@pytest.mark.parametrize(
    ("headings", "column"),
    [
        ("Navn;CPR;Kommune", "CPR"),
        ("Navn;E-mail;Kommune;Alder", "Alder"),
        ("Navn;Kommune;Telefon;Fødselsdag", "Fødselsdag"),
        ("Name;Municipality;Date of birth", "Date of birth"),
        ("Navn;Køn;Kommune", "Køn"),
        ("Navn;Fornavn;Kommune", "Fornavn"),
    ],
)
@pytest.mark.parametrize("name", ["liste.csv", "virksomheder.csv"])
def test_a_column_that_only_people_have_says_what_the_names_are(
    session: Session, tmp_path: Path, headings: str, column: str, name: str
) -> None:
    cells = (
        "Viborg" if text in {"Kommune", "Municipality"} else "A" for text in headings.split(";")
    )
    file = file_of(tmp_path, f"{headings}\n{';'.join(cells)}\n", name)
    with refuses("people_by_column", column) as refused:
        import_file(session, file)
    assert "--as company" in refused.value.sentence()
    assert import_file(session, file, "company").nouns[0].added == 1


@pytest.mark.parametrize(
    "headings",
    ["Virksomhed;Kommune;Alder", "Navn;CVR;Kommune;Køn", "Navn;Kommune;Ansatte;Fornavn"],
)
def test_what_names_companies_goes_before_what_people_have(
    session: Session, tmp_path: Path, headings: str
) -> None:
    values = {"Kommune": "Viborg", "CVR": "13748136", "Ansatte": "12"}
    cells = (values.get(text, "A") for text in headings.split(";"))
    file = file_of(tmp_path, f"{headings}\n{';'.join(cells)}\n")
    assert import_file(session, file).nouns[0].noun == "company"


def test_initials_beside_the_names_of_a_person_are_not_the_brokers(
    hedelund: Session, tmp_path: Path
) -> None:
    text = "CVR;Dato;First Name;Last Name;Initials\n13748136;1.3.2011;Ib;Holm;I.H.\n"
    result = import_file(hedelund, file_of(tmp_path, text), "contact")
    assert "broker" in {assumed.field for assumed in result.assumed}
    assert "Initials" in {column.heading for column in result.ignored_columns}


def test_a_list_in_a_refusal_ends_with_a_whole_heading(session: Session, tmp_path: Path) -> None:
    headings = ";".join(f"Overskrift nummer {number}" for number in range(40))
    with refuses("missing_column") as refused:
        import_file(session, file_of(tmp_path, f"{headings}\n{';' * 39}x\n"), "contact")
    found = str(refused.value.facts["found"])
    assert found.endswith(", …")
    assert found.split(", ")[-2].rsplit(" ", 1)[0] == "Overskrift nummer"


def test_contacts_may_give_the_names_of_a_person_apart(hedelund: Session, tmp_path: Path) -> None:
    text = "CVR;Dato;Fornavn;Efternavn\n13748136;1.3.2011;Ib;Holm\n"
    assert import_file(hedelund, file_of(tmp_path, text, "kontakter.csv")).nouns[0].added == 1


def test_an_address_list_is_read_as_companies_if_someone_says_so(
    session: Session, tmp_path: Path
) -> None:
    text = "Navn;Telefon;Firma\nInger Holm;86000000;CS Electric A/S\n"
    file = file_of(tmp_path, text)
    import_file(session, file, "company", ImportOptions(columns=("name=Firma",)))
    assert [row["name"] for row in rows_of(session, "company")] == ["CS Electric A/S"]


@pytest.mark.parametrize("person", ["Kontaktperson", "Att. person"])
def test_a_contact_is_the_company_where_the_person_is_named_besides(
    session: Session, tmp_path: Path, person: str
) -> None:
    text = f"Kontaktnavn;CVR-nummer;{person}\nCS Electric A/S;{CVR};Inger Holm\n"
    import_file(session, file_of(tmp_path, text))
    assert [row["name"] for row in rows_of(session, "company")] == ["CS Electric A/S"]


def test_a_contact_alone_is_not_taken_for_a_company(session: Session, tmp_path: Path) -> None:
    with refuses("noun_unclear"):
        import_file(session, file_of(tmp_path, f"Kontaktnavn;CVR-nummer\nInger Holm;{CVR}\n"))


@pytest.fixture
def hedelund(session: Session) -> Session:
    add_company(session, {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg"})
    return session


@pytest.mark.parametrize(
    "headings",
    [
        "CVR;Virksomhed;Kommune;Ansatte;Dato;Bemærkning",
        "CVR;Virksomhed;By;Branche;Dato;Kanal",
        "CVR;Kommune;Telefon;Uddannelse af;Dato;Note",
        "CVR;Titel;Metode;Trin;Dato;Kontaktperson",
    ],
)
def test_headings_of_other_nouns_do_not_prevent_recognition(
    hedelund: Session, tmp_path: Path, headings: str
) -> None:
    cells = {"CVR": CVR, "Dato": "1.3.2011", "Kommune": "Viborg", "Ansatte": "5"}
    row = ";".join(cells.get(heading, "") for heading in headings.split(";"))
    result = import_file(hedelund, file_of(tmp_path, f"{headings}\n{row}\n"))
    assert [noun.noun for noun in result.nouns] == ["contact"]


def test_titles_above_the_headings_are_skipped_and_reported(
    hedelund: Session, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [
        ["Kontaktliste Viborg Erhvervsråd 2011"],
        ["Udskrevet 30.06.2011"],
        [],
        ["CVR", "Virksomhed", "Dato", "Kontaktform"],
        [int(CVR), "Hedelund", "01.03.2011", "Besøg"],
    ]
    result = import_file(hedelund, workbook_of(tmp_path, {"Ark1": rows}))
    (skipped,) = result.skipped
    assert (skipped.number, skipped.text) == (2, "Kontaktliste Viborg Erhvervsråd 2011")
    assert result_as_dict(result)["skipped"][0]["row"] == 1
    assert len(rows_of(hedelund, "contact")) == 1


@pytest.mark.parametrize(
    "title", ["Virksomheder pr. 1. marts 2011", "Virksomheder", "Dato: 1.3.2011"]
)
def test_a_title_is_not_taken_for_the_headings(
    session: Session, tmp_path: Path, title: str
) -> None:
    text = f"{title};;;\n\nNavn;CVR-nr.;Kommune;Ansatte\nAlfa;{CVR};Viborg;40\n"
    result = import_file(session, file_of(tmp_path, text))
    assert [row["name"] for row in rows_of(session, "company")] == ["Alfa"]
    assert result.skipped[0].text == title


def test_headings_in_row_21_are_too_far_down(session: Session, tmp_path: Path) -> None:
    above = "".join(f"linje {n}\n" for n in range(1, 21))
    with refuses("noun_unclear"):
        import_file(session, file_of(tmp_path, f"{above}Navn;CVR;Kommune\nAlfa;{CVR};Viborg\n"))
    above = above.replace("linje 20\n", "")
    import_file(session, file_of(tmp_path, f"{above}Navn;CVR;Kommune\nAlfa;{CVR};Viborg\n"))


_COMPANIES: Final[list[list[Any]]] = [["Virksomhed", "CVR"], ["Alfa", CVR]]


def test_empty_sheets_are_ignored(session: Session, tmp_path: Path) -> None:
    file = workbook_of(tmp_path, {"Ark1": _COMPANIES, "Ark2": [], "Ark3": []})
    result = import_file(session, file)
    assert len(rows_of(session, "company")) == 1
    assert result.ignored_sheets == []


def test_every_sheet_that_fits_is_read(session: Session, tmp_path: Path) -> None:
    sheets: dict[str, list[list[Any]]] = {
        "Viborg": [["Navn", "Telefon"], ["Alfa", 1]],
        "Skive": [["Liste"], [], ["Telefon", "Navn"], [2, "Beta"]],
        "Om": [["Lavet af"], ["JH"]],
    }
    result = import_file(session, workbook_of(tmp_path, sheets), "company")
    assert sorted(row["name"] for row in rows_of(session, "company")) == ["Alfa", "Beta"]
    assert [sheet.title for sheet in result.sheets] == ["Viborg", "Skive"]
    assert result.ignored_sheets == ["Om"]


def test_a_column_is_chosen_by_hand_and_remembered(session: Session, tmp_path: Path) -> None:
    text = "Betegnelse;Ident;Kommune\nAlfa;{cvr};Viborg\n"
    file = file_of(tmp_path, text.format(cvr=CVR))
    with refuses("missing_column") as refused:
        import_file(session, file, "company")
    assert "--column name=Betegnelse" in refused.value.sentence()
    choice = ImportOptions(columns=("name=Betegnelse", "CVR-nr.=Ident"))
    import_file(session, file, "company", choice, dry_run=True)
    with refuses("missing_column"):
        import_file(session, file, "company")
    result = import_file(session, file, "company", choice)
    assert [column.source for column in result.sheets[0].columns] == ["by_hand", "by_hand", "known"]
    later = file_of(tmp_path, text.format(cvr=OTHER_CVR), "juni.csv")
    result = import_file(session, later)
    assert columns_of(result) == {"Betegnelse": "name", "Ident": "cvr", "Kommune": "municipality"}
    assert [one.source for one in result.sheets[0].columns] == ["remembered", "remembered", "known"]
    assert {row["cvr"] for row in rows_of(session, "company")} == {CVR, OTHER_CVR}


def test_what_is_remembered_is_taken_back_by_another_choice(
    session: Session, tmp_path: Path
) -> None:
    file = file_of(tmp_path, "A;B;Kommune\nAlfa;Beta;Viborg\n")
    import_file(session, file, "company", ImportOptions(columns=("name=A",)))
    import_file(session, file, "company", ImportOptions(columns=("name=B",)))
    assert sorted(row["name"] for row in rows_of(session, "company")) == ["Alfa", "Beta"]
    import_file(session, file, "company", ImportOptions(columns=("-=Kommune",)))
    assert columns_of(import_file(session, file)) == {"B": "name"}


@pytest.mark.parametrize(
    ("choice", "error"),
    [
        ("name", "bad_column"),
        ("=Navn", "bad_column"),
        ("name=", "bad_column"),
        ("colour=Navn", "no_such_field"),
        ("name=Firma", "no_such_heading"),
        ("date=Navn", "no_such_field"),
    ],
)
def test_a_choice_that_suits_nothing_is_refused(
    session: Session, tmp_path: Path, choice: str, error: str
) -> None:
    file = file_of(tmp_path, f"Navn;CVR\nAlfa;{CVR}\n")
    with refuses(error):
        import_file(session, file, "company", ImportOptions(columns=(choice,)))


@pytest.mark.parametrize("field", ["name", "Navn", "NAVN", "Name"])
def test_a_field_is_named_in_either_language(session: Session, tmp_path: Path, field: str) -> None:
    file = file_of(tmp_path, f"a=b;CVR\nAlfa;{CVR}\n")
    import_file(session, file, None, ImportOptions(columns=(f"{field}=a=b",)))
    assert rows_of(session, "company")[0]["name"] == "Alfa"


def test_a_heading_with_blanks_is_offered_quoted(session: Session, tmp_path: Path) -> None:
    with refuses("missing_column") as refused:
        import_file(session, file_of(tmp_path, "Hvem det er;CVR\nAlfa;1\n"), "company")
    assert "--column 'name=Hvem det er'" in refused.value.sentence()


def test_two_columns_of_one_field_are_refused_with_a_choice(
    session: Session, tmp_path: Path
) -> None:
    file = file_of(tmp_path, f"Firma;Kunde;CVR\nAlfa;Beta;{CVR}\n")
    with refuses("double_column") as refused:
        import_file(session, file)
    assert "--column name=Firma" in refused.value.sentence()
    import_file(session, file, None, ImportOptions(columns=("name=Kunde",)))
    assert rows_of(session, "company")[0]["name"] == "Beta"


def test_the_column_of_the_value_is_named(session: Session, tmp_path: Path) -> None:
    from kmtrack.usecases.imports.result import BadRows

    text = f"CVR;Virksomhed;Dato\n{CVR};Hedelunds;1.3.2011\n;Hedelund;1.3.2011\n"
    with pytest.raises(BadRows) as refused:
        import_file(session, file_of(tmp_path, text), "contact")
    assert [error.column for error in refused.value.errors] == ["CVR", "Virksomhed"]


@pytest.mark.parametrize("firm", ["Firma", "Virksomhedsnavn", "Company", "Arbejdsplads"])
@pytest.mark.parametrize("noun", [None, "company"])
def test_names_of_people_beside_those_of_companies_are_not_read(
    session: Session, tmp_path: Path, firm: str, noun: str | None
) -> None:
    file = file_of(tmp_path, f"Navn;{firm};CVR\nInger Holm;CS Electric;{CVR}\n")
    result = import_file(session, file, noun)
    assert [row["name"] for row in rows_of(session, "company")] == ["CS Electric"]
    assert result_as_dict(result)["second_columns"] == ["Navn"]


@pytest.mark.parametrize("firm", ["Kunde", "Organisation", "Account"])
def test_two_columns_that_may_name_the_company_are_asked_about(
    session: Session, tmp_path: Path, firm: str
) -> None:
    """Also where someone says that the list is one of companies."""
    file = file_of(tmp_path, f"Navn;{firm};CVR\nInger Holm;CS Electric;{CVR}\n")
    for noun in (None, "company"):
        with refuses("double_column") as refused:
            import_file(session, file, noun)
        assert f"--column name={firm}" in refused.value.sentence()


def test_what_another_column_says_too_is_told(hedelund: Session, tmp_path: Path) -> None:
    text = f"CVR;Dato;Note;Referat;Sidste kontakt\n{CVR};1.3.2011;a;b;1.3.2011\n"
    result = import_file(hedelund, file_of(tmp_path, text))
    data = result_as_dict(result)
    assert data["second_columns"] == ["Referat", "Sidste kontakt"]
    assert data["no_facts"] == data["facts_of"] == []
    assert any("Referat" in line for line in render_preview(result))


def test_nothing_is_offered_where_nothing_may_be_meant(session: Session, tmp_path: Path) -> None:
    text = "First Name,Last Name,E-mail Address,Company\nIb,Person,a@b.dk,CS\n"
    with refuses("missing_column") as refused:
        import_file(session, file_of(tmp_path, text), "contact")
    assert "--column date=HEADING" in refused.value.sentence()
