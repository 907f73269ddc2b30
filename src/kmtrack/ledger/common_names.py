"""Common Danish names and words, which tell a person's longer name from a sentence or a firm's name."""

from __future__ import annotations

from typing import Final

# The most common given names of people in Denmark, of all ages.
GIVEN_NAMES: Final = frozenset(
    """
    aage adam agnes aksel albert alberte alex alexander alfred alice alma allan amalie amanda anders andrea
    andreas ane anette anita anja anker ann anna anne annelise annemarie annette annie anni annika anton arne
    arthur asger asta astrid august aya bendt bent bente benjamin berit bertha bertram birger birgit birgitte
    birte birthe bjarne bjørn bo bodil børge brian britta britt camilla carina carl carla carlo carsten caroline
    cathrine cecilie charlotte christel christian christina christine christoffer claes clara claus connie conny
    dagmar dan daniel david dennis ditte dora dorte dorthe ea ebba ebbe edith egon eigil einar ejnar ejner elin
    elinor elisa elisabeth elise ella ellen else elsebeth elly elna elvira emil emilie emily emma emmy erik erna
    ernst esben esther eva evald ester eskild fie filip finn flemming folmer frank fredrik frede frederik frederikke
    freja frida frits fritz gerda gert gerner gitte grete grethe gudrun gunhild gunnar gunner gunvor gustav gurli
    hanna hannah hanne hans harald hardy harriet harry heidi helen helena helene helga helge helle henning henny
    henriette henrik henry herbert herluf hilda hilde hjalmar holger hugo ib ibrahim ida inga inge ingeborg ingelise
    inger ingrid irene iris irma isabella ivan iver jacob jakob jan jane janne janni janus jeanette jens jeppe jes
    jesper jette jim jimmy joan joachim joakim johan johanna johanne john johnny johnni jonas jonathan jon josef
    josefine joseph julia julie jytte jørgen jørn kaj kai kamilla karen karin karina karl karla karoline karsten
    kasper katja katrine kenn kenneth kent keld kevin kim kirsten kirstine kitty kjeld klaus klara knud kristen
    kristian kristiane kristina kristine kristoffer kurt lars laila lasse laura laurits lea leif lena lene leo leon
    lilian lilli lilly line linea linda lis lisa lisbet lisbeth lise lissi lissy liv liva lone lotte louis louise
    lucas luna lukas lærke mads magda magnus maja maj maiken malene malou malte maren margit margrethe maria mariane
    marianne marie marius mark markus martha martin martine mary mathias mathilde maya melissa merete mette mia
    michael michala michelle mie mikael mike mikkel mille minna mogens mohamed mohammad monica monika morten nadia
    nana nanna natasja nathalie nicklas nicolai nicoline niels nikolaj nina noah nora oda olaf olav ole olga oline
    oliver olivia orla oscar oskar otto ove palle patrick paul paula paulina peder per pernille peter pia pil poul
    povl preben rasmus rebecca regitze regner renate rene rené richard rie rigmor rikke rita robert roar rolf ronni
    rosa rose ruben rudolf rune ruth sabrina sally sandra sanne sara sarah sebastian selma sidsel signe sigrid
    sigurd silas silje simon simone siv sisse sofia sofie solveig sonja sophie stefan steen sten stig stine storm
    sune susan susanne susie suzanne svend sven svenn sylvia søren tage tanja teodor terese thea theodor theo thomas
    thorkild thor thorvald thyra tilde tim tina tine tobias tom tommy tonny tove troels trine tue ulf ulla ulrik
    ulrikke uffe valborg valdemar vagn vera verner vibe vibeke victor victoria vigga viggo viktor vilhelm vilma
    villads villy vita vivi vivian viola walter werner willy william yrsa yvonne zenia øjvind åge åse aase
    """.split()
)
# The most common surnames that do not end in -sen, which are taken for surnames by their end.
SURNAMES: Final = frozenset(
    """
    aagaard abildgaard agerskov ali andresen bach bagger bak bang basse bech beck bendix berg bertelsen birk bisgaard
    bjerg bjerre bjerregaard bloch boel bonde borg borup brandt bredahl brink broch brodersen bro bruhn bruun buch
    buhl buus byskov bæk bøgh carlsen christoffersen clemmensen dahl dalgaard dall dalsgaard dam damgaard damm ditlev
    dyhr due ebbesen elkjær enevoldsen engberg eskelund falk fischer fisker foged fog frandsen friis frost fuglsang
    gade gaarde geertsen gram gravgaard gregersen grønbæk grøn gundersen haagensen hald hald hammer hauge haugaard
    hede hedegaard hein henriksen hertz hesselberg hjort hjorth hoff hoffmann holm holmgaard holst holt hoppe hougaard
    hvid høeg høgh høj højgaard høyer iversen jacobi jansen jepsen jessen johannsen juhl juul justesen juel kaas
    kejser kirk kirkegaard kjeldgaard kjeldsen kjær kjærgaard klausen klit knudsen koch kofoed kok kold kragh krag
    kristoffersen krog krogh krogsgaard kruse kronborg kusk kvist lange lassen lauridsen lauritsen leth lind lindberg
    lindgaard lindholm lohse lorentzen lund lundgaard lundberg lunde lundsgaard lykke lyng mark marker markussen melgaard meyer
    meier mikkelsen mohr munk møller mølgaard mørch mørk nedergaard neergaard nissen nybo nygaard nyborg nyholm nymann
    nørgaard nørgård nørskov olesen overgaard paulsen pedersen pihl pilgaard poulsen ravn riis ring rohde rosenberg rosenkilde rosendahl
    roed rønne sand sandberg schack schmidt schmith schou schrøder schultz schulz schwartz simonsen skaarup skov skovgaard
    skou skjødt slot smith smed sloth sommer sonne spang stage stampe staal steffensen storm strand støvring sunde svane svendsen svenningsen
    søe søgaard søndergaard sørensen tang thygesen thomsen thorup thrane toft toftegaard torp tranberg trolle uhre
    vad vang vestergaard vester vind vinter vinther villadsen voigt wagner warming weber westergaard winkel winther wolff wulff
    ye yde østergaard ågaard ørsted bondesen bæch dideriksen
    """.split()
)
# Capitalised beside a name, these are no part of it: titles, how somebody is reached, what begins the next
# sentence, and days.
TITLES: Final = frozenset(
    """
    adjunkt adm advokat afdelingsleder arkitekt bogholder civilingeniør direktør dir dr driftsleder ejer eks formand
    fabrikschef fru frk frøken fuldmægtig gartner gårdejer hr herr herre indehaver ingeniør installatør kontaktperson
    kommunaldirektør konsulent lektor leder lærer maskinmester murermester møbelsnedker mr mrs ms mægler netværksmægler
    personalechef produktionschef professor praktikant projektleder revisor salgschef sekretær smed smedemester snedker
    snedkermester studerende tømrer tømrermester udviklingschef vvs værkfører økonomichef chef ceo cfo
    tlf tel telefon mobil mobilnr mob mobile phone mail email e-mail fax direkte lokal adresse
    hun jeg der det den she he they we it
    mandag tirsdag onsdag torsdag fredag lørdag søndag monday tuesday wednesday thursday friday saturday sunday
    """.split()
)
