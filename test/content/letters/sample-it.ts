// Every kind of letter to the IT service: alarms of letters and of handovers, good news, weekly digests.
import type { AlarmFacts, AlarmKind } from '../../../src/domain/notification/letter.ts';
import type {
  AlarmLetterFacts,
  DigestFacts,
  DigestLine,
} from '../../../src/domain/notification/letter-facts.ts';
import { BAVILLIERS, CCAS, EAUX, known, UNKNOWN } from './sample-facts.ts';

const facts: AlarmFacts = {
  login: 'TECH_1_25900096600020@cpro.fr',
  structure: BAVILLIERS.name,
  siret: BAVILLIERS.siret,
  deadline: '2027-03-12',
  person: 'Anne Martin',
  address: 'mairie@bavilliers.example',
  phone: '03 53 01 12 34, 06 39 98 12 34',
  structurePhone: '03 53 01 12 00',
  reply: '550 5.1.1 <mairie@bavilliers.example>: Recipient address rejected: User unknown',
};
const TODAY = Temporal.PlainDate.from('2027-03-01');

/** Alarms to the IT service. */
export const ALARMS: Readonly<Record<string, AlarmLetterFacts>> = {
  'no-address': {
    language: 'fr',
    today: TODAY,
    alarms: [{ kind: 'no-address', facts: { ...facts, address: null, reply: null } }],
  },
  refused: { language: 'fr', today: TODAY, alarms: [{ kind: 'refused', facts }] },
  'gave-up': {
    language: 'fr',
    today: TODAY,
    alarms: [{ kind: 'gave-up', facts: { ...facts, deadline: null, reply: '452 4.2.2 Mailbox full' } }],
  },
  many: {
    language: 'fr',
    today: TODAY,
    alarms: [
      { kind: 'refused', facts },
      {
        kind: 'no-address',
        facts: {
          ...facts,
          structure: EAUX.name,
          siret: EAUX.siret,
          login: 'TECH_2_25900123400015@cpro.fr',
          deadline: '2027-02-26',
          person: null,
          address: null,
          reply: null,
        },
      },
      { kind: 'gave-up', facts: { ...facts, login: null, structure: null, siret: null, deadline: null } },
    ],
  },
};

/** An alarm of a handover: no mail server has said anything. */
const handed = (kind: AlarmKind, changes: Partial<AlarmFacts> = {}) => ({
  kind,
  facts: { ...facts, deadline: null, reply: null, ...changes },
});
const EAU = { structure: EAUX.name, siret: EAUX.siret, login: 'TECH_2_25900123400015@cpro.fr' };
const NOBODY = {
  ...{ structure: null, siret: null, login: null, person: null, address: null },
  ...{ phone: null, structurePhone: null },
};
const alarms = (...all: AlarmLetterFacts['alarms'][number][]): AlarmLetterFacts => ({
  language: 'fr',
  today: TODAY,
  alarms: all,
});

const NOVA = { product: 'NOVA', place: 'NOVA › Paramètres › Chorus' };
const FULL = 'the folder /srv/connector could not be written: ENOSPC, no space left on device';

/** 2 h 14 in Paris on the day of the alarm; before it changes its clocks, an hour ahead of UTC. */
const SINCE = Temporal.Instant.from('2027-03-01T01:14:00Z').epochMilliseconds;
const DAY_MS = 86_400_000;
const stopped = { since: SINCE, workedAt: SINCE - DAY_MS, held: true };
const outage = { ...NOBODY, environment: 'production', since: SINCE } as const;
const over = { ...outage, environment: 'qualification', over: SINCE + DAY_MS / 4 } as const;

/** Alarms about passwords in service, and about whole platforms. */
export const PROBE_ALARMS: Readonly<Record<string, AlarmLetterFacts>> = {
  stopped: alarms(handed('stopped', stopped)),
  'stopped-many': alarms(
    handed('stopped', { ...stopped, deadline: '2027-02-26' }),
    handed('stopped', { ...EAU, ...stopped, workedAt: null, address: null }),
  ),
  'works-again': alarms(handed('works-again', { since: SINCE })),
  unanswered: alarms(handed('unanswered', { since: SINCE - 2 * DAY_MS, cause: 'unreadable' })),
  outage: alarms(handed('outage', { ...outage, cause: 'piste-down' })),
  'outage-refused': alarms(handed('outage', { ...outage, cause: 'password-refused' })),
  'outage-over': alarms(handed('outage-over', { ...outage, over: SINCE + DAY_MS / 4 })),
  'all-clear': alarms(handed('outage-over', over), handed('works-again', { ...EAU, since: SINCE })),
  'all-of-the-probe': alarms(
    handed('outage-over', over),
    handed('works-again', { ...EAU, since: SINCE }),
    handed('unanswered', { since: SINCE, cause: 'not-entitled' }),
    handed('stopped', stopped),
    handed('outage', { ...outage, cause: 'chorus-pro-down' }),
    handed('rotated', { login: 'TECH_3_26900012300017@cpro.fr' }),
  ),
};

/** Alarms of handovers, and good news. */
export const HANDOVER_ALARMS: Readonly<Record<string, AlarmLetterFacts>> = {
  rotated: alarms(handed('rotated', { deadline: '2028-03-12' })),
  'rotated-many': alarms(
    handed('rotated', { deadline: '2028-03-12' }),
    handed('rotated', { ...EAU, deadline: null, detail: 'taken as received' }),
  ),
  'password-refused': alarms(handed('password-refused')),
  'not-submitted': alarms(handed('not-submitted')),
  'proof-stuck': alarms(handed('proof-stuck', { cause: 'token-refused' })),
  'proof-stuck-many': alarms(
    handed('proof-stuck', { cause: 'chorus-pro-down' }),
    handed('proof-stuck', { ...EAU, cause: 'network' }),
    handed('proof-stuck', { login: 'TECH_3_26900012300017@cpro.fr' }),
  ),
  'publication-stuck': alarms(handed('publication-stuck', { sink: 'keyring', detail: FULL })),
  'hold-stuck': alarms(handed('hold-stuck', { sink: 'connector-file', detail: 'ENOENT: create the folder' })),
  'by-hand': alarms(handed('by-hand', { ...NOVA, task: 12, since: SINCE, person: null, address: null })),
  'stop-by-hand': alarms(handed('stop-by-hand', NOVA)),
  'start-by-hand': alarms(handed('start-by-hand', NOVA)),
  'sink-newer': alarms(handed('sink-newer', { sink: 'connector-file', detail: 'it says a newer version' })),
  'sink-kept': alarms(handed('sink-kept', { sink: 'connector-file', detail: 'it holds something else' })),
  'not-adopted': alarms(
    handed('not-adopted', {
      sink: 'connector-file',
      detail: 'e.magnus, /srv/e-magnus/chorus.ini, version 3',
    }),
  ),
  'item-failed': alarms(handed('item-failed', { detail: 'publication: TypeError' })),
  'announcement-over': alarms(handed('announcement-over')),
  'choice-missing': alarms(handed('choice-missing')),
  entitlement: alarms(handed('entitlement', { missing: `${EAUX.name} (${EAUX.siret})` })),
  'vault-shut': alarms(handed('vault-shut', NOBODY)),
  'audit-trail': alarms(handed('audit-trail', { ...NOBODY, detail: 'line 412 is not there' })),
  'webhook-stuck': alarms(handed('webhook-stuck', { ...NOBODY, since: SINCE })),
  'all-kinds': alarms(
    handed('rotated', { ...EAU, deadline: '2028-03-12' }),
    { kind: 'gave-up', facts },
    handed('not-submitted'),
    handed('entitlement'),
    handed('announcement-over'),
    handed('choice-missing'),
    handed('proof-stuck', { cause: 'quota' }),
    handed('password-refused', EAU),
    handed('publication-stuck', { sink: 'file', detail: FULL }),
    handed('hold-stuck', { ...EAU, sink: 'file', detail: FULL }),
    handed('vault-shut', NOBODY),
  ),
};

function digestLine(daysLeft: number | null, changes: Partial<DigestLine> = {}): DigestLine {
  const on = TODAY.add({ days: daysLeft ?? 0 }).toString();
  return {
    login: 'TECH_1_25900096600020@cpro.fr',
    environment: 'production',
    structure: BAVILLIERS.name,
    siret: BAVILLIERS.siret,
    expiry: daysLeft === null ? UNKNOWN : known(on, 'computed', on),
    daysLeft,
    principal: 'Anne Martin',
    phone: '03 53 01 12 34',
    structurePhone: '03 53 01 12 00',
    ...changes,
  };
}

const calm: DigestFacts = {
  language: 'fr',
  today: TODAY,
  watched: 98,
  tasks: [],
  sent: [],
  stopped: [],
  overdue: [],
  workedPast: [],
  typed: [],
  upcoming: [
    digestLine(0),
    digestLine(11, { structure: EAUX.name, siret: EAUX.siret }),
    digestLine(64, {
      environment: 'qualification',
      login: 'TECH_9_25900096600020@cpro.fr',
    }),
  ],
  unknown: [],
  unreachable: [],
  deadAddresses: [],
  letters: { sent: 14, waiting: 0, refused: 0 },
};

/** Weekly digests: a quiet week, a bad one, the first one of all. */
export const DIGESTS: Readonly<Record<string, DigestFacts>> = {
  calm,
  busy: {
    ...calm,
    overdue: [
      digestLine(-1),
      digestLine(-20, { structure: CCAS.name, siret: CCAS.siret, principal: null, phone: null }),
    ],
    stopped: [
      { ...digestLine(25), since: '2027-02-28' },
      {
        ...digestLine(-20, { structure: CCAS.name, siret: CCAS.siret, principal: null, phone: null }),
        since: '2027-03-01',
      },
    ],
    workedPast: [{ ...digestLine(-1), on: '2027-03-01' }],
    typed: [{ ...digestLine(40), since: '2027-02-19', place: 'NOVA › Paramètres › Chorus' }],
    unknown: [digestLine(null, { structure: EAUX.name, siret: EAUX.siret })],
    unreachable: [digestLine(-20, { structure: CCAS.name, siret: CCAS.siret, principal: null, phone: null })],
    deadAddresses: [
      {
        name: 'Anne Martin',
        address: facts.address ?? '',
        phone: '06 39 98 12 34',
        reason: facts.reply ?? '',
      },
    ],
    letters: { sent: 14, waiting: 2, refused: 1 },
  },
  crowded: { ...calm, unknown: Array.from({ length: 60 }, () => digestLine(null)) },
  empty: { ...calm, watched: 0, upcoming: [], letters: { sent: 0, waiting: 0, refused: 0 } },
};
