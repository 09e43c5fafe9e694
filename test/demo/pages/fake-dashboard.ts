// A desk for the tests of the demo's pages: one letter, one account, and a note of what was asked for.
import type {
  Account,
  DemoDesk,
  ShownConnector,
  ShownLetter,
  ShownStory,
} from '../../../src/demo/pages/dashboard-view.ts';

export const LETTER: ShownLetter = {
  number: 1,
  at: Date.parse('2027-01-04T07:30:00Z'),
  reader: 'zoe@commune.example',
  from: 'IT <it@demo.example>',
  to: 'Zoé <zoe@commune.example>',
  cc: '',
  subject: '<b>Échéance</b> & suite',
  text: 'Bonjour <script>alert(1)</script>',
  html: '<!doctype html><style>p{color:red}</style><p>Bonjour</p><script>alert(1)</script>',
  calendar: { name: 'echeance.ics', content: Buffer.from('BEGIN:VCALENDAR') },
  raw: Buffer.from('Subject: x\r\n\r\ny'),
  step: 'J-30',
};

export const ACCOUNT: Account = {
  login: 'TECH_1_99990000100001@cpro.fr',
  environment: 'production',
  siret: '99990000100001',
  structure: 'Commune de "Rochebrise" <script>',
  further: [],
  expiresOn: '2027-02-03',
  source: 'portal',
  daysLeft: 30,
  state: 'expiring',
  step: 'J-30',
  lastLetter: { on: '2027-01-04', step: 'J-30' },
  principal: { name: 'Zoé', email: 'zoe@commune.example', refused: null },
  secondaries: [],
};

export const CONNECTOR: ShownConnector = {
  structure: ACCOUNT.structure,
  state: 'working',
  downloads: 12,
  refusals: 1,
  failures: 2,
  everyMs: 1_500,
  sinceGoodMs: 800,
  gaps: null,
};

/** Nothing is done yet. */
export const STORY: ShownStory = {
  structure: ACCOUNT.structure,
  login: ACCOUNT.login,
  manager: 'Zoé <b>',
  letter: 1,
  link: 'http://127.0.0.1:9/m/q1Zx7Yk2',
  portal: 'http://127.0.0.1:8',
  done: new Set(),
  stand: 'nothing',
  formerPassword: 'aB3(efghijkl',
  pisteDown: false,
  connector: CONNECTOR,
};

export interface FakeDesk extends DemoDesk {
  readonly asked: string[];
  fault: string | null;
  moving: boolean;
  /** What the story's page is to show. */
  told: ShownStory;
}

export function fakeDesk(letters: readonly ShownLetter[] = [LETTER]): FakeDesk {
  const asked: string[] = [];
  const desk: FakeDesk = {
    asked,
    fault: null,
    moving: false,
    told: STORY,
    now: () => Temporal.ZonedDateTime.from('2027-01-04T16:00[Europe/Paris]'),
    seen: () => Date.parse('2027-01-04T14:00:00Z'),
    lastMove: () => null,
    isMoving: () => desk.moving,
    letters: () => letters,
    accounts: async () => [ACCOUNT],
    story: async () => desk.told,
    connector: () => desk.told.connector,
    setPisteDown: (down) => {
      asked.push(down ? 'piste down' : 'piste up');
    },
    move: async (span) => {
      asked.push(span);
    },
    renew: async ({ login, environment }) => {
      asked.push(`renew ${environment} ${login}`);
      return desk.fault;
    },
    handOver: async ({ login }, name, email) => {
      asked.push(`hand over ${login} ${name} ${email}`);
      return desk.fault;
    },
  };
  return desk;
}
