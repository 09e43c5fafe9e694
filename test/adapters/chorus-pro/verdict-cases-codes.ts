// Business return codes (chorus-pro-api.md §2.4), as far as our calls can meet them, row by row.
import { json } from './scripted-chorus.ts';
import { TVA } from './settings.ts';
import { both, returns, type VerdictCase } from './verdict-case.ts';
import { OURS } from './verdict-readers.ts';

const LDAP = "Impossible d'authentifier l'utilisateur dans le LDAP.";
const listed = { listeStructures: [OURS] };

// The codes of searches, works invoices and treatments are those of calls that we never make. A number that they share
// with ours must not speak for them: on our own calls they come as the code of another operation, and are not read.
export const CODES: readonly VerdictCase[] = [
  ...['GCU_MSG_01_000', 'TRA_MSG_00.000', 'CODE PAR DEFAUT', 'Erreur technique'].map(
    (libelle): VerdictCase => ({
      row: `any, 0: success, whatever its label says (${libelle})`,
      script: { rights: json({ codeRetour: 0, libelle, ...listed }) },
      is: 'accepted',
      evidence: { returned: { code: 0, label: libelle } },
    }),
  ),
  {
    row: 'success without a label',
    script: { rights: json({ codeRetour: 0, ...listed }) },
    is: 'accepted',
    evidence: { returned: { code: 0, label: null } },
  },
  {
    row: 'a non-zero code with HTTP 200 is normal: the login was believed',
    script: { rights: returns(20099, 'GDP_MSG_11.005') },
    is: 'accepted',
    entitled: null,
  },
  {
    row: 'the same number without its message proves nothing',
    script: both(returns(20099, 'KO')),
    is: 'unreadable',
    evidence: { returned: { code: 20099, label: 'KO' } },
  },
  ...[
    'Le compte technique est désactivé.',
    'Utilisateur inconnu.',
    'Mot de passe expiré.',
    'Accès refusé.',
  ].map(
    (text): VerdictCase => ({
      row: `a message of the trade about the account itself proves nothing (${text})`,
      script: { rights: returns(20005, `GCU_MSG_01_013 ${text}`) },
      is: 'unreadable',
    }),
  ),
  {
    row: '20001 of our operation with a word of trouble: nothing is known',
    script: { rights: returns(20001, 'Service momentanément indisponible') },
    is: 'chorus-pro-down',
  },
  {
    row: '20000 TRA_MSG_00.015, nothing found: an empty list, here of structures',
    script: { rights: returns(20000, 'TRA_MSG_00.015 Aucun résultat.') },
    is: 'not-entitled',
  },
  {
    row: '20007 GFT_MSG_01.075, nothing found among works invoices: no code of ours',
    script: { rights: returns(20007, 'GFT_MSG_01.075') },
    is: 'accepted',
    entitled: null,
  },
  {
    row: '20000 GDP_MSG_11.008, invoice unknown: the same number, another meaning',
    script: { rights: returns(20000, 'GDP_MSG_11.008 La facture est inconnue.') },
    is: 'accepted',
    entitled: null,
  },
  {
    row: '20001 GDP_MSG_11.005, user lacks rights',
    script: { rights: returns(20001, 'GDP_MSG_11.005') },
    is: 'not-entitled',
  },
  {
    row: '20001 of our operation with a filler for a label: the number speaks, once the login is believed',
    script: { rights: returns(20001, 'CODE PAR DEFAUT'), tva: json(TVA) },
    is: 'not-entitled',
  },
  {
    row: '20002 GDP_MSG_11.033, origin and target status do not fit: no code of ours',
    script: { rights: returns(20002, 'GDP_MSG_11.033') },
    is: 'accepted',
    entitled: null,
  },
  {
    row: '(varies) GDP_MSG_11.001, action not allowed in the current state: no code of ours',
    script: { rights: returns(20001, 'GDP_MSG_11.001') },
    is: 'accepted',
    entitled: null,
  },
  {
    row: 'authentication body 401 with HTTP 200: wrong credentials, older body shape',
    script: { rights: returns(401, LDAP) },
    is: 'password-refused',
    costs: 1,
    evidence: { status: 200, returned: { code: 401, label: LDAP } },
  },
  {
    row: 'a code nested as in the fixture of 2016: not seen on PISTE, not read',
    script: both(json({ retourFonctionnel: { codeRetourFonctionnel: 0, libelleRetourFonctionnel: 'OK' } })),
    is: 'unreadable',
    evidence: { returned: null },
  },
];
