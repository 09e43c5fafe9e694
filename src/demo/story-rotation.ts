// The story's rotation while the demo runs: serves the managers' page, runs the connector, and reports the events of both.
import { setTimeout as wait } from 'node:timers/promises';
import { openManagersServer } from '../composition/daemon.ts';
import type { RotationAggregate } from '../domain/rotation/rotation.ts';
import { startSampleConnector } from '../simulator/connector/sample-connector.ts';
import type { HandClock } from './clock.ts';
import { APPLICATION, type DemoEnvironment } from './environment.ts';
import { type EventListener, observedActions } from './events.ts';
import { STORY } from './fleet.ts';
import type { Dashboard, Gaps, ShownConnector, ShownStory } from './pages/dashboard-view.ts';
import { playManager } from './people.ts';
import type { StoryProgress } from './progress.ts';

/** From the end of one round of the connector to the next, in ms: short enough that the gap stays below two seconds. */
const EVERY_MS = 1_500;

interface StoryParts {
  readonly environment: DemoEnvironment;
  readonly clock: HandClock;
  readonly progress: StoryProgress;
  readonly onEvent: EventListener;
}

/** What the pages show of the story, and its switch of PISTE. */
export interface StoryRotation extends Pick<Dashboard, 'story' | 'connector' | 'setPiste'> {
  /** The manager acts by himself; resolves when the connector works with the new password. Throws when it does not. */
  playManager(): Promise<Gaps>;
}

/** Opens the managers' page and starts the connector; the stack stops both. */
export async function openStoryRotation(
  parts: StoryParts,
  closing: AsyncDisposableStack,
): Promise<StoryRotation> {
  const { environment, progress, onEvent } = parts;
  const { chorus } = environment;
  const account = chorus.accounts.find(STORY);
  if (account === null) throw new Error(`${STORY.login} is not in the simulated Chorus Pro`);
  const formerPassword = chorus.accounts.passwordOf(STORY);
  let isPisteDown = false;
  await openPage(parts, closing);
  const connector = startSampleConnector({
    ...chorus.urls.production,
    ...APPLICATION,
    credentialsFile: environment.files.password,
    holdFile: environment.files.hold,
    everyMs: EVERY_MS,
    onEvent: (report) => onEvent({ kind: 'connector', report }),
  });
  closing.defer(() => connector.stop());
  const shown = (): ShownConnector => {
    const { lastGoodAt, ...report } = connector.report();
    const sinceGoodMs = lastGoodAt === null ? null : Date.now() - lastGoodAt;
    return { ...report, structure: account.home.name, everyMs: EVERY_MS, sinceGoodMs, gaps: progress.gaps };
  };
  return {
    connector: shown,
    story: async () => ({
      ...(await shownStory(environment, progress)),
      formerPassword,
      isPisteDown,
      connector: shown(),
    }),
    setPiste: (state) => {
      const isDown = state === 'down';
      if (isDown !== isPisteDown) onEvent({ kind: 'piste', state });
      isPisteDown = isDown;
      chorus.faults.setDown(isDown ? 'piste' : null);
    },
    playManager: async () => {
      const { link } = await shownStory(environment, progress);
      if (link === null) throw new Error('the manager of the story has no letter with a link');
      await playManager({ link, portalUrl: chorus.portalUrl, account });
      return untilDone(progress);
    },
  };
}

type CurrentStory = Omit<ShownStory, 'formerPassword' | 'isPisteDown' | 'connector'>;

/** The story as the rotation aggregate, the mailbox and the portal have it now. */
async function shownStory(environment: DemoEnvironment, progress: StoryProgress): Promise<CurrentStory> {
  const aggregate = await aggregateOf(environment);
  const { login, home, principal } = aggregate.user;
  return {
    structure: home.name,
    login,
    manager: principal?.name ?? '',
    ...letterTo(environment, principal?.email ?? ''),
    portal: environment.chorus.portalUrl,
    ...progress.statusOf(aggregate),
  };
}

/** The managers' page at the address that letters name. */
async function openPage({ environment, clock, onEvent }: StoryParts, closing: AsyncDisposableStack) {
  const { rotationParts, parts, pagePort } = environment;
  const managerActions = observedActions(rotationParts.managerActions, onEvent);
  const observed = { ...rotationParts, managerActions };
  const failed = (place: string, error: unknown) =>
    onEvent({ kind: 'failure', words: `ERROR the page failed (${place}): ${String(error)}` });
  const observer = { counted: () => undefined, failed, unreadProxy: () => undefined };
  const page = await openManagersServer(observed, parts, { tls: null, clock, observer });
  if (page === null) throw new Error('the demo has no address for its managers’ page');
  closing.defer(() => page.close());
  await pagePort.release();
  await page.listen({ host: '127.0.0.1', port: pagePort.port });
}

async function aggregateOf({ rotationParts, logins }: DemoEnvironment): Promise<RotationAggregate> {
  const [userId = 0] = [...logins].find(([, login]) => login === STORY.login) ?? [];
  const aggregate = await rotationParts.ports.rotations.aggregate(userId);
  if (aggregate === null) throw new Error(`${STORY.login} is not known`);
  return aggregate;
}

/** The newest letter in a mailbox that has a personal link, and that link. */
function letterTo(
  { catcher, pagePort }: DemoEnvironment,
  recipient: string,
): { letter: number | null; link: string | null } {
  const pattern = new RegExp(`http://127\\.0\\.0\\.1:${pagePort.port}/m/[\\w-]+`);
  for (const { recipient: to, number, text } of catcher.letters.toReversed()) {
    const link = to === recipient ? pattern.exec(text)?.[0] : undefined;
    if (link !== undefined) return { letter: number, link };
  }
  return { letter: null, link: null };
}

/** The connector works again within a round or two; longer than this means that it does not, in ms. */
const LONGEST_MS = 15_000;
const POLL_MS = 50;

async function untilDone(progress: StoryProgress): Promise<Gaps> {
  const limit = performance.now() + LONGEST_MS;
  while (progress.gaps === null) {
    if (performance.now() > limit) throw new Error('the connector does not go on');
    await wait(POLL_MS);
  }
  return progress.gaps;
}
