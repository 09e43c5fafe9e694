// What the demo tells of passwords on their way: one line for each thing that happens, with the time, and never a value.
import type { ChorusEvent } from '../simulator/chorus-pro/events.ts';
import type { ConnectorReport } from '../simulator/connector/sample-connector.ts';
import type { HandClock } from './clock.ts';
import type { Happening, Hear } from './events.ts';
import type { Gaps } from './pages/dashboard-view.ts';
import type { Course } from './progress.ts';
import type { Story } from './story.ts';

/** Hears what happens, and tells it from the moment on at which the demo begins. */
export interface Ears {
  readonly hear: Hear;
  /** What happens from now on is told, and counts for the course. */
  open(course: Course): void;
  /** Whether anything happened to a password since this was asked last. */
  hasNews(): boolean;
  /** Nothing more is told. */
  close(): void;
}

export function openEars(story: Story, clock: HandClock): Ears {
  let course: Course | null = null;
  let news = false;
  let state: ConnectorReport['state'] | null = null;
  return {
    hear: (happening) => {
      if (course === null) return;
      news ||= 'login' in happening;
      const gaps = course.heard(happening);
      const isConnector = happening.kind === 'connector';
      const line =
        isConnector && happening.report.state !== state ? connectorLine(happening.report) : lineOf(happening);
      if (isConnector) state = happening.report.state;
      if (gaps !== null) story.moment(clock.here(), `connector works again: ${gapsInWords(gaps)}`);
      else if (line !== null) story.moment(clock.here(), line);
    },
    open: (begun) => {
      course = begun;
    },
    hasNews: () => {
      const had = news;
      news = false;
      return had;
    },
    close: () => {
      course = null;
    },
  };
}

const seconds = (ms: number) => (ms / 1000).toFixed(1);

/** « 1.2 s after the form received the password, 38.4 s after its last good call ». */
export function gapsInWords({ sinceHandedInMs, withoutInvoicesMs }: Gaps): string {
  return `${seconds(sinceHandedInMs)} s after the form received the password, ${seconds(withoutInvoicesMs)} s after its last good call`;
}

/** The line for something that happened; null where a line would say nothing new. */
function lineOf(happening: Happening): string | null {
  switch (happening.kind) {
    case 'opened':
      return `page    ${happening.login}: the link of the letter was opened`;
    case 'announced':
      return `page    ${happening.login}: a reset is announced`;
    case 'handed-in':
      return `page    ${happening.login}: the form received a password`;
    case 'not-taken':
      return `page    ${happening.login}: ${NOT_TAKEN[happening.as]}${noticed(happening.findings)}`;
    case 'judged':
      return `proof   ${happening.login}: asked Chorus Pro: ${judgedInWords(happening.judged, happening.cause)}`;
    case 'published':
      return `sink    ${happening.login}: its file was written and read back`;
    case 'told':
      return `sink    ${happening.login}: the connector is told to ${happening.hold ? 'hold its calls' : 'go on'}`;
    case 'trouble':
      return happening.words;
    case 'piste':
      return `PISTE   ${happening.down ? 'is down' : 'is up again'}`;
    case 'chorus-pro':
      return chorusLine(happening.event);
    case 'connector':
      return null;
  }
}

const NOT_TAKEN = {
  wrong: 'it cannot be the password and was not kept',
  unclear: 'it is kept sealed until somebody says what is meant',
  known: 'it is known already: nobody was asked about it',
  shut: 'nothing can be received: the vault is shut',
} as const;

function noticed(findings: readonly string[]): string {
  return findings.length === 0 ? '' : ` (${findings.join(', ')})`;
}

function judgedInWords(judged: string, cause: string | null): string {
  switch (judged) {
    case 'accepted':
      return 'accepted';
    case 'refused':
      return 'refused; it stays sealed and is asked about again';
    case 'refused-for-good':
      return 'refused to the end of its window; it is never sent again';
    case 'undetermined':
      return `no answer (${cause ?? 'unknown'}); it stays sealed and is asked about again`;
    default:
      return judged;
  }
}

function chorusLine(event: ChorusEvent): string | null {
  switch (event.kind) {
    case 'reset-shown':
      return `portal  ${event.login}: a new password is shown, not yet submitted`;
    case 'reset-submitted':
      return `portal  ${event.login}: the reset was submitted; the old password is dead`;
    case 'locked':
      return `portal  ${event.login}: locked for an hour after too many failures`;
    default:
      return null;
  }
}

/** What a change of the connector's state reads like. */
function connectorLine({ state, detail, downloads }: ConnectorReport): string {
  const words = {
    starting: 'starts',
    working: `works; ${downloads} invoice${downloads === 1 ? '' : 's'} so far`,
    holding: 'holds its calls',
    'no-credentials': 'has no password yet',
    refused: 'was refused, and does not insist',
    failing: `gets no answer (${detail ?? 'unknown'})`,
  };
  return `connector ${words[state]}`;
}
