"""Headings of other lists: the names under which columns elsewhere hold our fields.

They come from the business register and its copies, CRM and accounting programs, mail programs and
lists of participants, in Danish and English. A field refers to its headings; short ones are written
at the field.
"""

from typing import Final, NamedTuple


class Headings(NamedTuple):
    """Headings of other lists that mean a field, in both languages, separated by bars.

    Case, blanks and punctuation do not matter.
    """

    # Mean this field whatever else is in the list.
    certain: str = ""
    # Mean it in another form (a code beside a name): read where the better column is blank. The first
    # is the best.
    spare: str = ""
    # Mean it only where no better column does, and never tell what the rows are.
    weak: str = ""
    # May mean it or something else: read only if a person says so.
    doubtful: str = ""


NO_HEADINGS: Final = Headings()
COMPANY_NAME: Final = Headings(
    "officielt navn|virksomhedens fulde navn|ansøgers virksomhed|aftalepart|debtor|navn 1|name 1|navne navn|kundeemne|"
    "virksomhedsnavn|virksomhedens navn|viksomhedens navn|virksomhed navn|navn på virksomhed"
    "|navn på virksomheden|virksomhed/organisation|virksomhed/firma|firma|firmanavn|firmaets navn"
    "|firma navn|firma/organisation|navn på firma|kunde|kundenavn|kundens navn|debitor|debitornavn"
    "|organisation|organisationsnavn|organisationens navn|selskab|selskabsnavn|selskabets navn|bedrift"
    "|bedriftens navn|arbejdsplads|arbejdssted|arbejdsgiver|ansættelsessted|ansættelsesvirksomhed"
    "|praktiksted|praktikvirksomhed|besøgt virksomhed|besøgte virksomhed|deltagende virksomhed"
    "|medlemsvirksomhed|værtsvirksomhed|navn tekst|nyeste navn|nyeste navn navn|hovednavn|cvr navn"
    "|juridisk navn|enhedsnavn|company name|companys name|name of company|company/account"
    "|company/organisation|company/organization|associated company|primary associated company"
    "|primary company|parent company|account|account name|account account name|parent account"
    "|parent customer|customer|customer name|client|client name|klient|klientnavn|business name|organization"
    "|organization name|organisation name|firm|firm name|legal name|registered name|employer"
    "|employer name|workplace|company visited|host company|activity organization|deal organization",
    weak="kontaktnavn|kontakt|contact name|regarding|related to|relateret til|angående|lead",
    doubtful="leverandør|supplier|vendor|medlem|member|butik|partner|titel|title|emne|subject",
)
CVR: Final = Headings(
    "registreringsnr|corporate id|corporate identification number|corporate identification no|cvr nummer/se nummer|central business register number|"
    "cvr|cvr nr|cvr nummer|cvr no|cvr number|cvr ident|cvr id|cvr/se|cvr/se nr|cvr/se nummer"
    "|se/cvr|se/cvr nr|se/cvr nummer|virksomhedens cvr|virksomhedens cvr nr"
    "|virksomhedens cvr nummer|firmaets cvr nr|firma cvr|kunde cvr|company cvr|dk cvr"
    "|cvr nr 8 cifre|organisationsnr|organisationsnummer|org nr|orgnummer|org no|org number"
    "|organization number|organisation number|momsnr|momsnummer|moms nr|moms reg nr"
    "|momsregistreringsnr|momsregistreringsnummer|vat|vat no|vat nr|vat number|vat id|vat id no"
    "|vat registration|vat registration no|vat registration number|vat reg no|vat reg number"
    "|tax registration no|tax registration number|tax number|tax id|tax id number"
    "|company registration no|company registration number|company reg no|company number"
    "|business registration number|business registration no|business id|registration number"
    "|registration no|registreringsnummer|virksomhedsnr|virksomhedsnummer|vrvirksomhed cvrnummer",
    weak="se nr|se nummer|company id number|company no",
    doubtful="nr|nummer|p nr|cvr/p nr|cvr eller p nr|id nummer",
)
MUNICIPALITY: Final = Headings(
    "beliggenhed kommune|adresse kommune|komnavn|kom|beliggenhed kommunenavn|"
    "kommunenavn|kommunens navn|kommune tekst|beliggenhedskommune|hjemkommune"
    "|hjemstedskommune|virksomhedens kommune|firmaets kommune|kommune navn"
    "|municipality name|name of municipality|company municipality|home municipality",
    "beliggenhedsadresse kommune kode|beliggenhedsadresse kommune tekst|kommunekode"
    "|komkode|kom kode|kommune kode|kommunenr|kommunenummer|kommune nr|kommune id|komnr"
    "|adresse kommunekode|adresse kommunenavn|beliggenhed kommunekode"
    "|beliggenhed kommunenavn|beliggenhedskommunekode"
    "|nyeste beliggenhedsadresse kommune kommune kode"
    "|nyeste beliggenhedsadresse kommune kommune navn|municipality code|municipality no"
    "|municipality number|municipality id",
)
PLACE_MUNICIPALITY: Final = Headings(
    "besøgsstedets kommune|arbejdsstedets kommune|kommune for stedet|stedets kommune"
    "|besøgskommune|arbejdskommune|kommune for besøget|kommune for besøgsstedet"
    "|place municipality|municipality of place|municipality of workplace"
    "|municipality of the workplace|municipality of visit"
)
HEADCOUNT: Final = Headings(
    "antal personer ansat|ansatte i danmark|ansatte i dk|staff count|empl|antal medarb|medarb|antal ansatte i danmark|personel|number of people|people employed|"
    "antal ansatte|medarbejdere|antal medarbejdere|medarbejderantal|medarbejdertal"
    "|beskæftigede|antal beskæftigede|beskæftigelse|personaleantal|ansatte i alt|antal ansatte i alt"
    "|antal ansatte ca|ca antal ansatte|virksomhedsstørrelse|størrelse antal ansatte"
    "|headcount|employee count|employees count|number of employees|no of employees"
    "|num employees|nr of employees|total employees|employees total|staff|number of staff"
    "|workforce|company size|employee range|employees range|employee size|size employees",
    "ansatte interval|antal ansatte interval|ansatteinterval|ansatte kode|interval ansatte"
    "|medarbejderinterval|beskæftigelsesinterval|intervalkode antal ansatte|kvartalbes antal|kvartalsbes antal|aarsbes antal|maanedsbes antal"
    "|maanedsbeskaeftigelse antal ansatte|maanedsbeskaeftigelse antal ansatte interval"
    "|maanedsbes antal ansatte|maanedsbes interval|maanedsbes antalansatte interval"
    "|kvartalsbeskaeftigelse antal ansatte|kvartalsbeskaeftigelse antal ansatte interval"
    "|kvartalbes interval|kvartalsbes interval|kvartalbes antal ansatte|kvartalsbes antal ansatte"
    "|aarsbeskaeftigelse antal ansatte|aarsbeskaeftigelse antal ansatte interval"
    "|aarsbes interval|aarsbes antal ansatte|antal ansatte kode|antal ansatte tekst"
    "|fuldtidsansatte|antal fuldtidsansatte|årsværk|antal årsværk|fte|full time employees"
    "|maanedsbeskaeftigelse antal aarsvaerk|maanedsbeskaeftigelse antal aarsvaerk interval"
    "|kvartalsbeskaeftigelse antal aarsvaerk|kvartalsbeskaeftigelse antal aarsvaerk interval"
    "|aarsbeskaeftigelse antal aarsvaerk|aarsbeskaeftigelse antal aarsvaerk interval|intervalkode antal aarsvaerk",
    doubtful="størrelse|size|antal|interval|personale",
)
BROKER: Final = Headings(
    "init|medarbejder initialer|medarbejderinitialer|besøg ved|kundeansvarlig medarbejder|our contact name|besøgende|udført ved|"
    "mægler|initialer|mæglerens initialer|kontaktmæglerens initialer|contact broker|initials"
    "|ansvarlig|ansvarlig mægler|ansvarlig konsulent|konsulent|konsulentens initialer"
    "|virksomhedskonsulent|jobkonsulent|erhvervskonsulent|konsulentnavn|rådgiver|sagsbehandler|sagsansvarlig"
    "|sælger|sælgerkode|sælger kode|sælgernavn|kundeansvarlig|kundeansv|kundeansv 1|kontoansvarlig"
    "|kontaktansvarlig|aktivitetsansvarlig|vores kontakt|vores kontaktperson|vor kontakt|vores ref"
    "|vor ref|vores reference|vor reference|kontaktejer|tildelt|tildelt til"
    "|besøgt af|besøg af|mødt af|kontaktet af|udført af|afholdt af|KM|consultant|advisor|adviser"
    "|case worker|caseworker|salesperson|sales person|salesperson code|sales rep"
    "|sales representative|account manager|account owner|company owner|contact owner|deal owner"
    "|activity owner|activity assigned to user|assigned to user|activity assigned to|organization owner|organisation owner|lead owner"
    "|opportunity owner|owner|owner alias|owner name|owning user|our contact|our reference|our ref"
    "|responsible|responsible person|responsible user|person responsible|assigned to|assigned user"
    "|visited by|contacted by|met by|performed by",
    doubtful="medarbejder|hvem|af|navn|user|bruger|brugernavn|employee|oprettet af|created by"
    "|registreret af|recorded by|ejer|virksomhedsejer|ved",
)
PERSON: Final = Headings(
    "name of contact|kontaktpers|kontaktperson i virksomheden|attention name|"
    "kontaktpersonens navn|kontaktperson navn|navn på kontaktperson|kontaktperson 1"
    "|primær kontakt|primær kontaktperson|virksomhedens kontaktperson|person navn"
    "|att|att person|attn|attention|til att|mødte|mødte med|mødt med|talte med|talt med"
    "|samtale med|samtalepartner|besøgte person|deres reference|deres ref|kontakt hos kunden"
    "|contact person name|name of contact person|person name|primary contact"
    "|primary contact name|activity contact person|main contact|company contact|customer contact|associated contact"
    "|met with|spoke with|spoke to|talked to|your reference|your ref",
    weak="kontakt|contact|contact name|kontaktnavn|contact full name|contacts",
    doubtful="navn|name|fulde navn|full name|fornavn|first name|efternavn|last name"
    "|deltager|deltagernavn|attendee|participant|hvem|leder|direktør",
)
DAY: Final = Headings("dag|day|kontaktdato|besøgsdato|contact date")
CONTACT_DAY: Final = Headings(
    "besøg dato|besøg d|kontakt d|"
    "dag|kontaktdato|besøgsdato|mødedato|samtaledato|aktivitetsdato|kontaktdag|besøgsdag"
    "|dato for kontakt|dato for besøg|dato for møde|dato for kontakten|dato for besøget"
    "|besøgt|besøgt den|besøgt d|kontaktet|kontaktet den|kontaktet d|mødt den|afholdt"
    "|afholdt den|afholdt d|gennemført|gennemført den|mødetidspunkt|kontakttidspunkt"
    "|besøgstidspunkt|tidspunkt|dato/tid|dato og tid|dato tid|dato og tidspunkt"
    "|dato/tidspunkt|datetime|date/time|date and time|day|contact date|date of contact"
    "|date contacted|contacted|contacted on|visit date|date of visit|visited|visited on"
    "|meeting date|date of meeting|activity date|date of activity|call date|met on|held on"
    "|completed date|date completed",
    weak="activity due date|activity done|activity marked as done time|last activity date|last activity|last contacted|last contact|last contact date"
    "|last contacted date|last visit|last visit date|last visited|last meeting"
    "|last engagement date|date of last contact|sidste aktivitet|seneste aktivitet"
    "|sidste aktivitetsdato|seneste aktivitetsdato|sidste kontakt|seneste kontakt"
    "|sidste kontaktdato|seneste kontaktdato|sidst kontaktet|senest kontaktet"
    "|sidst besøgt|senest besøgt|sidste besøg|seneste besøg|sidste møde|seneste møde"
    "|dato for sidste kontakt|dato for seneste kontakt|actual start|actual end|due date time"
    "|start|start date|startdato|starttidspunkt|start time|start date time|begyndelse",
    doubtful="oprettet|created|created on|create date|oprettelsesdato|tidsstempel"
    "|timestamp|modified|ændret|registreret|hvornår|when|periode|måned|month|uge|week",
)
CHANNEL: Final = Headings(
    "kontaktform|kontaktkanal|kontaktmåde|form for kontakt|kontaktens form|besøgsform|mødeform|mødetype"
    "|aktivitetstype|aktivitetsform|type aktivitet|type af kontakt|henvendelsesform"
    "|henvendelsestype|kommunikationsform|medie|kontaktmedie|contact channel|contact form"
    "|contact method|method of contact|mode of contact|communication type|activity type"
    "|type of activity|type of contact|interaction type|meeting type",
    doubtful="kontakttype|contact type|type|art|slags|form|aktivitet|activity|metode|method"
    "|mail|e mail|email|telefon|phone|call|opkald|møde|meeting|besøg|visit|hvordan|how",
)
NOTE: Final = Headings(
    "aftalt på mødet|noter fra mødet|bem|"
    "note|noter|bemærkning|kommentar|kommentarer|notat|notater|referat|resumé|resume|memo"
    "|mødenotat|mødereferat|samtalenotat|besøgsnotat|besøgsreferat|opsummering|sammenfatning"
    "|anmærkning|konklusion|notes|comment|remark|minutes|summary|meeting notes|call notes"
    "|contact notes|activity note|activity notes|observations",
    weak="beskrivelse|description|indhold|content|detaljer|details|body|tekst|text|fritekst"
    "|emne|subject|formål|purpose|info|information",
    doubtful="status|resultat|result|outcome|aftale|opgave|task|behov|needs",
)
NEXT_CONTACT: Final = Headings(
    "ny kontakt|opfølgning senest|opfølgning inden|opfølgning d|"
    "næste|opfølgning|opfølgningsdato|opfølges|opfølges den|opfølgning den|følges op"
    "|følges op den|næste kontaktdato|næste opfølgning|næste aktivitet|næste aktivitetsdato"
    "|næste møde|næste mødedato|næste besøg|næste besøgsdato|dato for opfølgning"
    "|dato for næste kontakt|kontakt igen|kontaktes igen|ring igen|ring igen den|følg op|følg op den|genkontakt|huskedato"
    "|next|next activity|next activity date|next contact date|next contact on|next visit"
    "|next visit date|next meeting|next meeting date|next step date|next follow up"
    "|next follow up date|follow up|follow up date|follow up on|followup date"
    "|date of next contact|reminder date|callback date",
    weak="due date|due|deadline|forfaldsdato|forfald|forfalder|påmindelse|reminder",
    doubtful="næste skridt|next step|next action|handling",
)
AGREED_DAY: Final = Headings(
    "aftaledato|dato for aftale|aftalt dato|aftalt den|aftalt d|aftale indgået"
    "|aftale indgået den|indgået|indgået den|indgåelsesdato|underskrevet|underskrevet den"
    "|underskriftsdato|kontraktdato|kontrakt underskrevet|agreed on|agreed date|date agreed"
    "|agreement date|date of agreement|contract date|signed|signed on|signature date"
    "|date signed",
    doubtful="dato|date|dag|day|aftale|agreement|close date|closed date|oprettet|created",
)
START: Final = Headings(
    "startdato|starter|starter den|start den|opstart|opstartsdato|begyndelsesdato|begynder den"
    "|fra|fra dato|dato fra|periode fra|ansat fra|ansat den|ansættelsesdato|ansættelse fra"
    "|ansættelse start|tiltrædelse|tiltrædelsesdato|tiltræder|tiltrådt|praktikstart"
    "|projektstart|start date|starts|starts on|begin date|from|from date|period from"
    "|employed from|hire date|hired on|date hired|employment start|employment start date",
    doubtful="periode|period|ansat|hired",
)
END: Final = Headings(
    "slut|slutdato|slutter den|slut den|afslutning|afsluttes|afsluttet|afslutningsdato|til"
    "|til dato|dato til|periode til|ansat til|ansættelse til|ansættelse slut|fratrædelse"
    "|fratrædelsesdato|fratræder|ophør|ophører|ophørsdato|udløb|udløber|udløbsdato|praktikslut"
    "|projektslut|end date|ends|ends on|finish date|to|to date|period to|employed until"
    "|until|expires|expiry date|employment end|employment end date"
)
INSTITUTION: Final = Headings(
    "institution|institutionens navn|institutionsnavn|uddannelsessted|uddannelsesstedets navn"
    "|studiested|lærested|skole|skolens navn|universitet|universitetets navn|højskole"
    "|læreanstalt|institution of education|educational institution name|institution name"
    "|school|school name|university|university name|college|place of study"
)
STUDENTS: Final = Headings(
    "antal studerende|studerende antal|antal praktikanter|antal elever|number of students"
    "|no of students|student count|number of interns",
    doubtful="antal|student|studerendes navn|praktikant",
)
HOURS: Final = Headings(
    "timer|timer ugentligt|timer om ugen|timer/uge|ugentlige timer|ugetimer|timetal"
    "|ugentligt timetal|timetal pr uge|antal timer|antal timer pr uge|arbejdstid"
    "|ugentlig arbejdstid|hours|hours a week|weekly hours|hours weekly|working hours"
)
LEVEL: Final = Headings(
    "niveau|uddannelse|uddannelsesgrad|højeste uddannelse|højest fuldførte uddannelse"
    "|kandidatens uddannelse|akademisk grad|grad|level|education|education level"
    "|level of study|degree|highest education|highest degree|qualification",
    doubtful="type|titel|stilling",
)
TERMS: Final = Headings(
    "ansættelsesvilkår|ansættelsesform|ansættelsestype|type af ansættelse|employment type"
    "|type of employment|employment terms|terms of employment|job type|contract type",
    doubtful="type|løntilskud|kontrakttype",
)
