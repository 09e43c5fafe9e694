// What each answer about an account tells of its platform as a whole: an outage is one incident, however many accounts it meets.
import type { Environment } from '../../domain/account/expiry.ts';
import { closedBy } from '../../domain/platform/maintenance.ts';
import { hear } from '../../domain/platform/platform.ts';
import type { Verdict } from '../../domain/verification/verdict.ts';
import { type HandoverWorld, nowOf } from '../rotation/rotation-ports.ts';

type Hearing = Pick<HandoverWorld, 'platforms' | 'rules' | 'clock' | 'journal'>;

/** Notes what an answer tells of the platform. `unjudged`: a refusal that no other account's answer confirms. */
export async function note(
  world: Hearing,
  environment: Environment,
  userId: number,
  verdict: Verdict,
  unjudged = false,
): Promise<void> {
  const { platforms, rules } = world;
  const now = nowOf(world);
  // A closure changes nothing about an account that was believed.
  const closed = verdict.kind !== 'accepted' && (await isClosed(world, environment));
  const about = { userId, unjudged, closed };
  // Looked at before anything is locked: most answers are no news.
  const before = await platforms.of(environment);
  if (hear(before, verdict, about, rules.probe, now) === null) return;
  await platforms.turn(
    environment,
    (platform) => {
      const heard = hear(platform, verdict, about, rules.probe, now);
      for (const { kind, facts } of heard?.alarms ?? [])
        world.journal.warn({ ...facts }, OUTAGE[kind] ?? kind);
      return heard;
    },
    now,
  );
}

const OUTAGE: Readonly<Record<string, string>> = {
  outage: 'no answer about any account for a long time: an outage',
  'outage-over': 'the outage is over',
};

/** Whether a platform is known to be closed now. */
export async function isClosed(world: Hearing, environment: Environment): Promise<boolean> {
  const now = nowOf(world);
  return closedBy(await world.platforms.maintenances(now), environment, now) !== null;
}
