// Logins, SIRETs, addresses and days as lists, mails and people write them, with what each is read as. Every door reads them alike.
//
// The sources are public reports of other programs that met the same: repository and number of the issue or pull request.

/** What was typed, and what it is; null where it is refused. */
export type TypedValue = readonly [typed: string, value: string | null];

const LOGIN = 'TECH_1_21900000200010@cpro.fr';

export const TYPED_LOGINS: readonly TypedValue[] = [
  [LOGIN, LOGIN],
  [`  ${LOGIN}\u00a0`, LOGIN],
  [`mailto:${LOGIN}`, LOGIN],
  ['TECH_1_21900000200010', LOGIN],
  [`${LOGIN}<mailto:${LOGIN}>`, LOGIN],
  [`TECH_1_21900000200010<mailto:${LOGIN}>`, LOGIN],
  [`Compte technique <${LOGIN}>`, LOGIN],
  [`<${LOGIN}>`, LOGIN],
  // A link of Markdown, and its escapes: ProseMirror/prosemirror-markdown#65, vmg/redcarpet#402.
  [`[${LOGIN}](mailto:${LOGIN})`, LOGIN],
  ['TECH\\_1\\_21900000200010@cpro.fr', LOGIN],
  // What a mail client fills in: nextcloud/mail#12307; an @ that a browser encoded: linagora/tmail-flutter#2168.
  ['mailto:TECH_1_21900000200010%40cpro.fr?subject=Mot%20de%20passe', LOGIN],
  [`'${LOGIN}'`, LOGIN],
  [`«\u00a0${LOGIN}\u00a0»`, LOGIN],
  [`="${LOGIN}"`, LOGIN],
  [`'${LOGIN}`, LOGIN],
  [`${LOGIN}.`, LOGIN],
  [`${LOGIN};`, LOGIN],
  [`Identifiant : ${LOGIN}`, LOGIN],
  // An address with a no-break space, kept as it was: Notifuse/notifuse#223; with invisible ones: CroceRossaItaliana/jorvik#103.
  [`\u200b${LOGIN}\u2060`, LOGIN],
  ['TECH_1_219 000 002 00010@cpro.fr', LOGIN],
  ['TECH_1_21900000200010 @cpro.fr', LOGIN],
  ['TECH_1_21900000200010, TECH_2_21900000200010', null],
  ['a@b.test <c@d.test>', null],
  ['=HYPERLINK("mailto:x")', null],
];

export const TYPED_SIRETS: readonly TypedValue[] = [
  ['21900000200010', '21900000200010'],
  ['219 000 002 00010', '21900000200010'],
  ['219\u202f000\u202f002\u202f00010', '21900000200010'],
  ['21900000200010,00', '21900000200010'],
  // A float of pandas: gip-inclusion/les-emplois#5297.
  ['21900000200010.0', '21900000200010'],
  ["'21900000200010", '21900000200010'],
  ['’21900000200010', '21900000200010'],
  ['="21900000200010"', '21900000200010'],
  ['= "219 000 002 00010"', '21900000200010'],
  // Points, dashes and blanks are dropped: mission-apprentissage/flux-retour-cfas#3230; no-break spaces: betagouv/mon-service-securise#2186.
  ['219.000.002.00010', '21900000200010'],
  ['219-000-002-00010', '21900000200010'],
  ['219000002-00010', '21900000200010'],
  ['219 000 002/00010', '21900000200010'],
  // The formats of numbers of a French, an English and a Swiss spreadsheet.
  ['21 900 000 200 010,00', '21900000200010'],
  ['21,900,000,200,010.00', '21900000200010'],
  ['21’900’000’200’010', '21900000200010'],
  ['SIRET : 219 000 002 00010', '21900000200010'],
  ['N° SIRET 21900000200010', '21900000200010'],
  ['\ufeff21900000200010\u200e', '21900000200010'],
  ['"21900000200010"', '21900000200010'],
  // A digit is lost, or a sign may be a decimal point: betagouv/ma-cantine#1075.
  ['2,19E+13', null],
  ['2.19000002E13', null],
  ['21900000200,010', null],
  ['219000002000.10', null],
  ['2190000020001,00', null],
  ['219000002', null],
  ['FR12219000002', null],
  ['="=1+1"', null],
];

export const TYPED_ADDRESSES: readonly TypedValue[] = [
  ['c.martin@exemple.fr', 'c.martin@exemple.fr'],
  ['mailto:c.martin@exemple.fr', 'c.martin@exemple.fr'],
  ['MAILTO:c.martin@exemple.fr?subject=Chorus%20Pro', 'c.martin@exemple.fr'],
  ['c.martin@exemple.fr<mailto:c.martin@exemple.fr>', 'c.martin@exemple.fr'],
  ['[c.martin@exemple.fr](mailto:c.martin@exemple.fr)', 'c.martin@exemple.fr'],
  ['<c.martin@exemple.fr>', 'c.martin@exemple.fr'],
  // Outlook puts apostrophes around an address that it knows no name for: zammad/zammad#2154, jakartaee/mail-api#663.
  ["'c.martin@exemple.fr'", 'c.martin@exemple.fr'],
  ["'c.martin@exemple.fr' <c.martin@exemple.fr>", 'c.martin@exemple.fr'],
  [`"'c.martin@exemple.fr'" <'c.martin@exemple.fr'>`, 'c.martin@exemple.fr'],
  ["<'c.martin@exemple.fr'>", 'c.martin@exemple.fr'],
  // A sign of a list behind it: ProtonMail/proton-bridge#139; blanks: oroinc/crm#357, Notifuse/notifuse#223.
  ['c.martin@exemple.fr;', 'c.martin@exemple.fr'],
  ['c.martin@exemple.fr,', 'c.martin@exemple.fr'],
  ['c.martin@exemple.fr.', 'c.martin@exemple.fr'],
  ['c.martin@exemple.fr\u00a0', 'c.martin@exemple.fr'],
  ['c.martin @ exemple.fr', 'c.martin@exemple.fr'],
  ['\u200bc.martin@exemple.fr\ufeff', 'c.martin@exemple.fr'],
  ['="c.martin@exemple.fr"', 'c.martin@exemple.fr'],
  ["o'neil@exemple.fr", "o'neil@exemple.fr"],
  ['mairie@évette-salbert.fr', 'mairie@xn--vette-salbert-9gb.fr'],
  ['mairie@e\u0301vette-salbert.fr', 'mairie@xn--vette-salbert-9gb.fr'],
  ['Mairie@BÜCHER.example', 'Mairie@xn--bcher-kva.example'],
  // Unicode in the domain alone: bitwarden/server#1512; before the @ few servers take it: anonaddy/anonaddy#600.
  ['user@bücher.com', 'user@xn--bcher-kva.com'],
  ['hélène@exemple.fr', null],
  ['c.martin@exemple.fr z.roux@exemple.fr', null],
  ['c.martin@exemple.fr <z.roux@exemple.fr>x', null],
  ['c.martin(at)exemple.fr', null],
  // Two addresses, of which the first is no name. The same one twice is one: SpamScope/mail-parser#132, Jericho/StrongGrid#323.
  ['vieux@exemple.fr <c.martin@exemple.fr>', null],
  ["'vieux@exemple.fr' <mailto:c.martin@exemple.fr>", null],
  ['mairie@１２７.０.０.１', null],
];

export const TYPED_DAYS: readonly TypedValue[] = [
  ['12/03/2027', '2027-03-12'],
  ['2027-03-12', '2027-03-12'],
  ['2027-03-12 00:00:00', '2027-03-12'],
  ['12.03.2027', '2027-03-12'],
  ['12-03-2027', '2027-03-12'],
  ['2027/03/12', '2027-03-12'],
  ['12/03/27', '2027-03-12'],
  ['12 mars 2027', '2027-03-12'],
  ['12-mars-2027', '2027-03-12'],
  ['12-mars-27', '2027-03-12'],
  ['12 mars 27', '2027-03-12'],
  // What spreadsheets and databases make of a day: actualbudget/actual#8888, Expensify/App#91569, buckets/application#573.
  ['12 MAR 27', '2027-03-12'],
  ['05-févr.-27', '2027-02-05'],
  ['1er sept. 27', '2027-09-01'],
  ['12/Mar/2027', '2027-03-12'],
  ['12.03.27', '2027-03-12'],
  ['vendredi 12 mars 2027', '2027-03-12'],
  ['le 12/03/2027 à 9h30', '2027-03-12'],
  ['2027-03-11T23:00:00.000Z', '2027-03-12'],
  ["'12/03/2027", '2027-03-12'],
  ['="12/03/2027"', '2027-03-12'],
  ['«12/03/2027»', '2027-03-12'],
  ['12/03/2027\u200e', '2027-03-12'],
  // The inner number of a spreadsheet counts from 1900 or from 1904: box/spout#480, exceljs/exceljs#219.
  ['46458', null],
  ['31/02/2027', null],
  ['03/25/2027', null],
  ['mars 2027', null],
  // The year may stand first: araddon/dateparse#139, dateutil/dateutil#238. Of a year before 2025 no password is left.
  ['27-11-29', null],
  ['29-11-27', null],
  ['le 27-11-29 à 9h', null],
  ['12-03-27', '2027-03-12'],
  ['27-11-27', '2027-11-27'],
  ['28/11/27', '2027-11-28'],
  ['12/03', null],
];
