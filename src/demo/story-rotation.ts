// The story's handover while the demo runs: the managers' page is open, the connector works, and both are watched.
import { setTimeout as wait } from 'node:timers/promises';
import { openManagersServer } from '../composition/daemon.ts';
import type { RotationAggregate } from '../domain/rotation/rotation.ts';
import { type SampleConnector, startSampleConnector } from '../simulator/connector/sample-connector.ts';
import type { HandClock } from './clock.ts';
import { APPLICATION, type DemoEnvironment } from './environment.ts';
import { type Hear, heardDesk } from './events.ts';
import { STORY } from './fleet.ts';
import type { DemoDesk, Gaps, ShownConnector, ShownStory } from './pages/dashboard-view.ts';
import { runErrand } from './people.ts';
import type { Course } from './progress.ts';

/** From the end of one round of the connector to the next, in ms: short enough that the gap stays below two seconds. */
const EVERY_MS = 1_500;

/** The handover of the story, as the pages show it and switch at it. */
export interface DemoHandover extends Pick<DemoDesk, 'story' | 'connector' | 'setPisteDown'> {
  /** The manager acts by himself; resolves once the connector works with the new password. Throws when it does not. */
  errand(): Promise<Gaps>;
}

/** Opens the managers' page and starts the connector; the way to stop both goes on the stack. */
export async function openDemoHandover(
  demo: DemoEnvironment,
  clock: HandClock,
  course: Course,
  hear: Hear,
  closing: AsyncDisposableStack,
): Promise<DemoHandover> {
  const { chorus } = demo;
  const account = chorus.accounts.find(STORY);
  if (account === null) throw new Error(`${STORY.login} is not in the simulated Chorus Pro`);
  const formerPassword = chorus.accounts.passwordOf(STORY);
  let pisteDown = false;
  await openPage(demo, clock, hear, closing);
  const connector = startConnector(demo, hear);
  closing.defer(() => connector.stop());
  const shown = () => shownConnector(connector, account.home.name, course);
  return {
    connector: shown,
    story: async () => ({
      ...(await shownStory(demo, course)),
      formerPassword,
      pisteDown,
      connector: shown(),
    }),
    setPisteDown: (down) => {
      if (down !== pisteDown) hear({ kind: 'piste', down });
      pisteDown = down;
      chorus.faults.setDown(down ? 'piste' : null);
    },
    errand: async () => {
      const { link } = await shownStory(demo, course);
      if (link === null) throw new Error('the manager of the story has no letter with a link');
      await runErrand({ link, portalUrl: chorus.portalUrl, account, home: account.home });
      return untilLived(course);
    },
  };
}

function shownConnector(connector: SampleConnector, structure: string, { gaps }: Course): ShownConnector {
  const { lastGoodAt, ...report } = connector.report();
  const sinceGoodMs = lastGoodAt === null ? null : Date.now() - lastGoodAt;
  return { ...report, structure, everyMs: EVERY_MS, sinceGoodMs, gaps };
}

type TrueNow = Omit<ShownStory, 'formerPassword' | 'pisteDown' | 'connector'>;

/** What the book, the mailbox and the portal say now. */
async function shownStory(demo: DemoEnvironment, course: Course): Promise<TrueNow> {
  const aggregate = await aggregateOf(demo);
  const { login, home, principal } = aggregate.user;
  return {
    structure: home.name,
    login,
    manager: principal?.name ?? '',
    ...letterTo(demo, principal?.email ?? ''),
    portal: demo.chorus.portalUrl,
    ...course.standing(aggregate),
  };
}

/** The managers' page at the address that letters name. */
async function openPage(
  demo: DemoEnvironment,
  clock: HandClock,
  hear: Hear,
  closing: AsyncDisposableStack,
): Promise<void> {
  const { handover, parts, door } = demo;
  const heard = { ...handover, managerActions: heardDesk(handover.managerActions, hear) };
  const failed = (place: string, error: unknown) =>
    hear({ kind: 'trouble', words: `ERROR the page failed (${place}): ${String(error)}` });
  const observer = { counted: () => undefined, failed, unreadProxy: () => undefined };
  const page = await openManagersServer(heard, parts, { tls: null, clock, observer });
  if (page === null) throw new Error('the demo has no address for its managers’ page');
  closing.defer(() => page.close());
  await door.letGo();
  await page.listen({ host: '127.0.0.1', port: door.port });
}

function startConnector({ chorus, files }: DemoEnvironment, hear: Hear): SampleConnector {
  return startSampleConnector({
    ...chorus.urls.production,
    ...APPLICATION,
    credentialsFile: files.password,
    holdFile: files.hold,
    everyMs: EVERY_MS,
    onEvent: (report) => hear({ kind: 'connector', report }),
  });
}

async function aggregateOf({ handover, names }: DemoEnvironment): Promise<RotationAggregate> {
  const [userId = 0] = [...names].find(([, login]) => login === STORY.login) ?? [];
  const aggregate = await handover.rotations.aggregate(userId);
  if (aggregate === null) throw new Error(`${STORY.login} is not known`);
  return aggregate;
}

/** The newest letter in a mailbox that has a personal link, and that link. */
function letterTo(
  { catcher, door }: DemoEnvironment,
  reader: string,
): { letter: number | null; link: string | null } {
  const pattern = new RegExp(`http://127\\.0\\.0\\.1:${door.port}/m/[\\w-]+`);
  for (const { reader: to, number, text } of catcher.letters.toReversed()) {
    const link = to === reader ? pattern.exec(text)?.[0] : undefined;
    if (link !== undefined) return { letter: number, link };
  }
  return { letter: null, link: null };
}

/** The connector goes on within a round or two; longer than this means that it does not, in ms. */
const LONGEST_MS = 15_000;
const LOOK_MS = 50;

async function untilLived(course: Course): Promise<Gaps> {
  const limit = performance.now() + LONGEST_MS;
  while (course.gaps === null) {
    if (performance.now() > limit) throw new Error('the connector does not go on');
    await wait(LOOK_MS);
  }
  return course.gaps;
}
