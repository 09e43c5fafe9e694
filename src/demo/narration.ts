// Prints one line for each event about a password, with the time and never a value.
import type { ChorusEvent } from '../simulator/chorus-pro/events.ts';
import type { ConnectorReport } from '../simulator/connector/sample-connector.ts';
import type { HandClock } from './clock.ts';
import type { DemoEvent } from './events.ts';
import type { Gaps } from './pages/dashboard-view.ts';
import type { Printer } from './printer.ts';
import type { StoryProgress } from './progress.ts';

/** Prints events from the moment at which the demo begins. */
export type Narration = ReturnType<typeof openNarration>;

export function openNarration(printer: Printer, clock: HandClock) {
  let progress: StoryProgress | null = null;
  let news = false;
  let state: ConnectorReport['state'] | null = null;
  return {
    onEvent: (event: DemoEvent) => {
      if (progress === null) return;
      news ||= 'login' in event;
      const gaps = progress.record(event);
      const isConnector = event.kind === 'connector';
      const line = isConnector && event.report.state !== state ? connectorLine(event.report) : lineOf(event);
      if (isConnector) state = event.report.state;
      if (gaps !== null) printer.moment(clock.parisTime(), `connector works again: ${gapsInWords(gaps)}`);
      else if (line !== null) printer.moment(clock.parisTime(), line);
    },
    /** Events from now on are printed, and recorded in the story's progress. */
    begin: (started: StoryProgress) => {
      progress = started;
    },
    /** Whether there was an event about a password since the last call. */
    hasNews: () => {
      const had = news;
      news = false;
      return had;
    },
    close: () => {
      progress = null;
    },
  };
}

const seconds = (ms: number) => (ms / 1000).toFixed(1);

/** « 1.2 s after the form received the password, 38.4 s after its last good call ». */
export function gapsInWords({ sinceSubmissionMs, withoutInvoicesMs }: Gaps): string {
  return `${seconds(sinceSubmissionMs)} s after the form received the password, ${seconds(withoutInvoicesMs)} s after its last good call`;
}

/** The line for an event; null where a line would say nothing new. */
function lineOf(event: DemoEvent): string | null {
  switch (event.kind) {
    case 'opened':
      return `page    ${event.login}: the link of the letter was opened`;
    case 'announced':
      return `page    ${event.login}: a reset is announced`;
    case 'submitted':
      return `page    ${event.login}: the form received a password`;
    case 'not-accepted':
      return `page    ${event.login}: ${NOT_ACCEPTED[event.as]}${findingsInWords(event.findings)}`;
    case 'checked':
      return `proof   ${event.login}: asked Chorus Pro: ${verdictInWords(event.verdict, event.cause)}`;
    case 'published':
      return `sink    ${event.login}: its file was written and read back`;
    case 'hold-changed':
      return `sink    ${event.login}: the connector is told to ${event.hold ? 'hold its calls' : 'go on'}`;
    case 'failure':
      return event.words;
    case 'piste':
      return `PISTE   ${event.state === 'down' ? 'is down' : 'is up again'}`;
    case 'chorus-pro':
      return chorusLine(event.event);
    case 'connector':
      return null;
  }
}

const NOT_ACCEPTED = {
  wrong: 'it cannot be the password and was not kept',
  unclear: 'it is kept sealed until somebody says what is meant',
  known: 'it is known already: nobody was asked about it',
  shut: 'nothing can be received: the vault is shut',
} as const;

function findingsInWords(findings: readonly string[]): string {
  return findings.length === 0 ? '' : ` (${findings.join(', ')})`;
}

const VERDICTS: Readonly<Record<string, string>> = {
  refused: 'refused; it stays sealed and is asked about again',
  'refused-for-good': 'refused to the end of its window; it is never sent again',
};

function verdictInWords(verdict: string, cause: string | null): string {
  if (verdict === 'undetermined')
    return `no answer (${cause ?? 'unknown'}); it stays sealed and is asked about again`;
  return VERDICTS[verdict] ?? verdict;
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
