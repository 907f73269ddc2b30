"""Headings that are no facts here: known from other lists, and rightly left unread."""

from __future__ import annotations

from functools import cache
from typing import Final

from kmtrack.usecases.imports.heading_keys import forms_of, forms_without_owner, key_of

# Addresses, telephone numbers and the like, which are neither counted nor stored.
_NO_FACTS: Final = (
    "adresse|adresser|adresse 1|adresse 2|address|street|street address|vej|vejnavn|gade|gadenavn|husnr"
    "|husnummer|etage|side|dør|sted|stednavn|lokalitet|location|lokation|postnr|postnummer|postnr/by"
    "|postnr og by|post nr|zip|zipcode|zip code|zip/postal code|postal code|postcode|postdistrikt|by"
    "|bynavn|city|cityname|city name|town|land|landekode|landekode region|country|country/region"
    "|country code|country/region code|region|regionsnavn|regionskode|state|state/region|county|province"
    "|addressco|co navn|c/o|postboks|post office box|po box|adresselinje|adresselinje 1|adresselinje 2"
    "|adresse linje 1|beliggenhed|koordinat|bredde|længde|latitude|longitude|lat|lon|lng|x|y"
    "|telefon|telefonnr|telefonnummer|tlf|tlf nr|tlfnr|tlf nummer|direkte telefon|direkte tlf|mobil"
    "|mobilnr|mobilnummer|mobiltelefon|phone|phone no|phone number|mobile|mobile no|mobile phone"
    "|mobile phone number|cell|cell phone|work phone|business phone|main phone|company phone|direct phone"
    "|home phone|other phone|fax|faxnr|faxnummer|fax number|telefax|telefaxnr|business fax"
    "|mail|mailadresse|e mail|e mail adresse|email|email address|e mail address|emailadresse|work email"
    "|company email|kontakt mail|kontakt email|e mail til|web|www|webside|webadresse|hjemmeside|website"
    "|website url|web page|web site|homepage|home page|url|domain|domæne|domain name|company domain name"
    "|linkedin|linkedin url|linkedin company page|facebook|facebook company page|twitter|twitter handle"
    "|skype|sociale medier"
    "|ean|ean nr|ean nummer|gln|gln nr|ean lokationsnr|ean lokationsnummer|kundenr|kundenummer|kunde nr"
    "|kunde id|debitornr|debitornummer|debitor nr|medlemsnr|medlemsnummer|kontaktnr|kontakt id"
    "|leverandørnr|sagsnr|sagsnummer|løbenr|løbenummer|nummer|nr|no|number|customer no|customer number"
    "|customer id|account number|account no|account id|client id|contact id|contact no|company id"
    "|record id|organization id|person id|deal id|external id|guid|uuid|index|række|row"
    "|branche|branchekode|branchetekst|branche kode|branche navn|brancher|hovedbranche|bibranche"
    "|hovedbranche kode|hovedbranche tekst|db07|nace|nace kode|nace code|industry|industry code"
    "|industrycode|industrydesc|industry description|sector|sektor|sic code|sic"
    "|virksomhedsform|virksomhedsform kode|virksomhedsform tekst|selskabsform|ejerform|companycode"
    "|companydesc|company description|legal form|company form|entity type"
    "|status|virksomhedsstatus|livscyklus|lifecycle stage|lead status|lead source|kilde|source|stage"
    "|state code|aktiv|active|inactive|is active|spærret|blocked|protected|beskyttet|reklamebeskyttelse"
    "|reklamebeskyttet|modifikationsstatus|startdate|stiftet|stiftelsesdato|enddate|opstartsår"
    "|etableringsdato|etableret|founded|year founded|year established|founded year|registreringsdato"
    "|creditstartdate|creditbankrupt|creditstatus|kreditoplysninger|kreditstatus|produktionsenheder"
    "|deltagere|pnr|p nr|p nummer|p enhed|pnummer|p number|production unit|antal p enheder|antal penheder"
    "|ejer navn|ejere|direktør|ledelse|formål|tegningsregel|revisor|kapital|selskabskapital"
    "|betalings metode|betalingsmetode|betalingsbetingelser|betalingsbetingelse|betalingsbetingelseskode"
    "|betalingsfrist|betalingsfrist i dage|payment terms|payment terms code|payment method|kreditmaks"
    "|kreditmaksimum|credit limit|credit limit lcy|saldo|saldo rv|balance lcy|balance due lcy|total salg"
    "|total køb|valuta|valutakode|currency|currency code|momszone|moms|bank|bankkonto|iban|swift|reg nr"
    "|kontonr|kontonummer|kundegruppe|debitorgruppe|debitorbogføringsgruppe|customer group|prisgruppe"
    "|gruppe|group|grupper|group membership|rabat|discount|layout|sprog|sprogkode|language|language code"
    "|oprettet|oprettet den|oprettelsesdato|oprettet af|created|created at|created by|created date"
    "|created on|create date|creation date|ændret|ændret den|ændret af|sidst ændret|sidst rettet"
    "|rettet den|modified|modified by|modified on|modified date|last modified|last modified date"
    "|last modified by|updated|updated at|opdateret|ajourført|ajourfoeringsdato|timestamp|tidsstempel"
    "|registreret|registreret af|recorded at|recorded by"
    "|fornavn|mellemnavn|efternavn|first name|middle name|last name|given name|additional name"
    "|family name|surname|full name|fulde navn|suffix|prefix|name prefix|name suffix|nickname|kaldenavn"
    "|phonetic first name|phonetic last name|phonetic middle name|file as|gender|køn|birthday|fødselsdag"
    "|fødselsdato|anniversary|spouse|børn|children|hobby|stilling|stillingsbetegnelse|jobtitel|job title"
    "|position|role|rolle|afdeling|department|organization title|organization department"
    "|cpr|cpr nr|cpr nummer|personnummer|alder|age|sex|født|fødeår|birth date|date of birth"
    "|internet free busy|labels|etiketter|tags|tag|mærker|kategori|kategorier|category|categories"
    "|priority|prioritet|sensitivity|private|privat|billing information|mileage|directory server"
    "|government id number|user 1|user 2|user 3|user 4|keywords|photo|billede|farve|color|colour|gdpr"
    "|samtykke|consent|nyhedsbrev|newsletter|unsubscribed|opt in|opt out|email opt out|do not call"
    "|all day event|meeting organizer|meeting resources|show time as|reminder on off|optional attendees"
    "|id nummer|id nr|versionsnr|revision|attachments|vedhæftede filer|bilag|fil|filnavn|sti|path"
    "|item type|annual revenue|total revenue|årsomsætning|bruttofortjeneste|egenkapital"
    "|årets resultat|dage|days|måned|month|number of associated contacts|number of times contacted|associated contacts"
    "|vejnavn og nr|gade 2|land/område|tlf mobil|mobil tlf|faktura e mail|faktura mail|linkedin profil"
    "|facebook side|ejerforhold|selskabstype|stiftelsesår|sic kode|oprettet dato|gdpr samtykke"
    "|business|name 2|navn 2|search name|søgenavn|people count|do not modify|deal stage|pipeline|amount|beløb|probability|sandsynlighed"
)
# Parts of the register's records, and of addresses that mail programs repeat for each kind.
_BEGINNINGS: Final = (
    "livsforloeb|navngyldig|beliggenhedsadresse|postadresse|virksomhedsform|hovedbranche|bibranche"
    "|telefonnummer|telefax|emailgyldig|emailkontakt|kreditoplysninger|aarsbeskaeftigelseaar"
    "|kvartalsbeskaeftigelse|maanedsbeskaeftigelse|aarsbeskaeftigelseantalincl|aarsbeskaeftigelseantal"
    "|businessaddress|businesscity|businesscountry|businesspostal|businessstate|businessstreet|businessfax"
    "|businessphone|businesspobox|homeaddress|homecity|homecountry|homepostal|homestate|homestreet|homefax"
    "|homephone|homepobox|otheraddress|othercity|othercountry|otherpostal|otherstate|otherstreet|otherfax"
    "|otherphone|otherpobox|emailaddress|email1|email2|email3|phone1|phone2|phone3|address1|address2"
    "|address3|website1|website2|organization1title|organization1department|customfield|event1|relation1"
    "|billingstreet|billingcity|billingzip|billingpostal|billingcountry|billingstate|billingaddress"
    "|shippingstreet|shippingcity|shippingzip|shippingpostal|shippingcountry|shippingstate|shippingaddress"
    "|mailingstreet|mailingcity|mailingzip|mailingpostal|mailingcountry|mailingstate|mailingaddress"
    "|arbejdsadresse|arbejdstelefon|privatadresse|privattelefon|firmaadresse|firmatelefon|faktureringsadresse"
    "|leveringsadresse|mobiltelefon|utm|donotmodify|gendannes"
)


def is_no_fact(heading: str) -> bool:
    """Return whether a heading is known to concern something that is not stored here."""
    forms = (*forms_of(heading), *forms_without_owner(heading))
    return not _known().isdisjoint(forms) or key_of(heading).startswith(_beginnings())


def is_exactly_no_fact(heading: str) -> bool:
    """Return the same, but not for what is only another form of a known heading."""
    return key_of(heading) in _known()


@cache
def _known() -> frozenset[str]:
    return frozenset(map(key_of, _NO_FACTS.split("|")))


@cache
def _beginnings() -> tuple[str, ...]:
    return tuple(_BEGINNINGS.split("|"))
