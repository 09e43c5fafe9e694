// A dashboard for the tests of the demo's pages: one letter, one account, and a record of the actions.
import type {
  Dashboard,
  ShownAccount,
  ShownConnector,
  ShownLetter,
  ShownStory,
} from '../../../src/demo/pages/dashboard-view.ts';

export const LETTER: ShownLetter = {
  number: 1,
  at: Date.parse('2027-01-04T07:30:00Z'),
  recipient: 'zoe@commune.example',
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

export const ACCOUNT: ShownAccount = {
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
  principal: { name: 'Zoé', email: 'zoe@commune.example', phone: '03 53 01 12 34', refused: null },
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
  status: 'nothing',
  formerPassword: 'aB3(efghijkl',
  isPisteDown: false,
  connector: CONNECTOR,
};

export interface FakeDashboard extends Dashboard {
  readonly asked: string[];
  fault: string | null;
  moving: boolean;
  /** What the story's page is to show. */
  shown: ShownStory;
}

export function fakeDashboard(letters: readonly ShownLetter[] = [LETTER]): FakeDashboard {
  const asked: string[] = [];
  const dashboard: FakeDashboard = {
    asked,
    fault: null,
    moving: false,
    shown: STORY,
    now: () => Temporal.ZonedDateTime.from('2027-01-04T16:00[Europe/Paris]'),
    clockSetAt: () => Date.parse('2027-01-04T14:00:00Z'),
    lastMove: () => null,
    isMoving: () => dashboard.moving,
    letters: () => letters,
    accounts: async () => [ACCOUNT],
    story: async () => dashboard.shown,
    connector: () => dashboard.shown.connector,
    setPiste: (state) => {
      asked.push(`piste ${state}`);
    },
    move: async (span) => {
      asked.push(span);
    },
    renew: async ({ login, environment }) => {
      asked.push(`renew ${environment} ${login}`);
      return dashboard.fault;
    },
    changeManager: async ({ login }, name, email) => {
      asked.push(`hand over ${login} ${name} ${email}`);
      return dashboard.fault;
    },
  };
  return dashboard;
}
