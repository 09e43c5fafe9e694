// The stories that are played while the process dies: what the people around a handover do, one act after the other.

/** The technical user of the stories, and the passwords of its life. */
export const LOGIN = 'TECH_1_21900001200015@cpro.fr';
export const SIRET = '21900001200015';
export const FIRST = 'aB3(xyzKLm9_';
const SECOND = 'Qw7[rtyUIo2)';
const WRONG = 'Zx5-cvbNMq8(';
/** A Monday at 10:00 in Paris, in ms. */
export const START = Date.parse('2027-03-01T09:00:00Z');

/** What somebody does; a person who got no answer does it again. */
export type Act =
  /** The manager, by the link of a letter. */
  | { readonly do: 'announce' | 'choose' }
  | { readonly do: 'submit'; readonly password: string }
  /** « Soumettre » on the portal: from now on this password is the right one. */
  | { readonly do: 'portal'; readonly password: string }
  | { readonly do: 'outage'; readonly down: boolean }
  /** The connector says that it uses the password in service. */
  | { readonly do: 'adopt' }
  /** The connector says that Chorus Pro refused it. */
  | { readonly do: 'report' }
  /** Time passes, and the daemon goes its rounds, until this is so. */
  | { readonly do: 'until'; readonly goal: Goal };

/**
 * `published`: in every sink, and the connectors told to go on. `asked`: the password in hand was asked about.
 * `not-submitted`: the manager was told that the former password works still, and the connectors to go on. `stopped`: the
 * password in service is known to be dead, its manager was told, and the connectors to hold.
 */
export type Goal = 'published' | 'closed' | 'asked' | 'not-submitted' | 'stopped';

export type StoryName = keyof typeof STORIES;

const until = (goal: Goal): Act => ({ do: 'until', goal });
const submit = (password: string): Act => ({ do: 'submit', password });
const portal = (password: string): Act => ({ do: 'portal', password });
const TO_THE_END: readonly Act[] = [until('published'), { do: 'adopt' }, until('closed')];

export const STORIES = {
  /** How the installation comes to its first password; nobody dies here. */
  before: [submit(FIRST), ...TO_THE_END],
  /** Announced, reset, handed in, proven, published, adopted, closed. */
  straight: [{ do: 'announce' }, portal(SECOND), submit(SECOND), ...TO_THE_END],
  /** Handed in before « Soumettre »: refused, the former password tried, the manager told; then submitted indeed. */
  refused: [
    { do: 'announce' },
    submit(SECOND),
    until('not-submitted'),
    portal(SECOND),
    submit(SECOND),
    ...TO_THE_END,
  ],
  /** Chorus Pro does not answer; a newer password, unclear at first, takes the place of the good one, and is wrong. */
  superseded: [
    { do: 'outage', down: true },
    portal(SECOND),
    submit(SECOND),
    until('asked'),
    submit(`${WRONG} `),
    { do: 'choose' },
    { do: 'outage', down: false },
    ...TO_THE_END,
  ],
  /** Reset on the portal, and nobody said so: the connector is refused, the probe finds out; then it is handed in. */
  stopped: [portal(SECOND), { do: 'report' }, until('stopped'), submit(SECOND), ...TO_THE_END],
} as const satisfies Record<string, readonly Act[]>;

/** What the child is to do, as its argument. */
export interface Order {
  readonly folder: string;
  /** The address of a PostgreSQL database; null for the SQLite file in the folder. */
  readonly database: string | null;
  readonly chorus: { readonly tokenUrl: string; readonly apiUrl: string };
  readonly story: StoryName;
  /** The first act that got no answer yet. */
  readonly from: number;
  /** Where to die: a step by its name, or the nth step whatever it is. */
  readonly death: string | number | null;
}

/** The two places that connectors of the stories read, with a hook and a hold file. */
export function sinkSettings(folder: string, logins: string[] | null = null) {
  return ['alpha', 'beta'].map((name) => ({
    kind: 'file' as const,
    name,
    environment: 'production' as const,
    logins,
    path: `${folder}/sinks/{{login}}.${name}`,
    format: 'json' as const,
    template: '{"password":"{{password}}","version":{{version}}}',
    keys: null,
    reader: null,
    product: null,
    accounts: {},
    adoption: null,
    hold: null,
    resume: null,
    owner: null,
    group: null,
    mode: 0o600,
    holdFile: `${folder}/sinks/{{login}}.${name}-hold`,
    // One line for each run: which sink, which version, and what stood in the file.
    hook: { run: ['/bin/sh', `${folder}/hook.sh`], timeoutMs: 20_000 },
  }));
}

/** The hook as a program. */
export function hookProgram(folder: string): string {
  const file = `${folder}/sinks/$RELEVE_LOGIN.$RELEVE_SINK`;
  const line = `printf '%s %s %s %s\\n' "$RELEVE_SINK" "$RELEVE_LOGIN" "$RELEVE_VERSION" "$(cat "${file}")"`;
  return `${line} >>'${folder}/hooks'\n`;
}

/** The PISTE application that the simulator knows. */
export const CLIENT = { clientId: 'app-1', clientSecret: 'app-secret' } as const;
/** The secret parts of the links: for the first password, and for the one of the stories. */
export const TOKENS = ['link-to-the-first-password', 'link-to-the-second-password'] as const;
export const TOOL = 'connector';
