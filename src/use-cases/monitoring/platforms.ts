// What each answer about an account tells of its platform as a whole: an outage is one incident, however many accounts it meets.
import type { Environment } from '../../domain/account/expiry.ts';
import { closedBy, recordAnswer } from '../../domain/platform/platform.ts';
import type { Verdict } from '../../domain/verification/verdict.ts';
import { nowOf, type RotationPorts } from '../rotation/rotation-ports.ts';

type RecordedAnswer = Pick<RotationPorts, 'platforms' | 'rules' | 'clock' | 'logger'>;

/** Notes what an answer tells of the platform. `unjudged`: a refusal that no other account's answer confirms. */
export async function recordPlatformAnswer(
  ports: RecordedAnswer,
  {
    environment,
    userId,
    verdict,
    unjudged = false,
  }: {
    readonly environment: Environment;
    readonly userId: number;
    readonly verdict: Verdict;
    readonly unjudged?: boolean;
  },
): Promise<void> {
  const { platforms, rules } = ports;
  const now = nowOf(ports);
  // A closure changes nothing about an account that was believed.
  const closed = verdict.kind !== 'accepted' && (await isClosed(ports, environment));
  const about = { userId, unjudged, closed };
  // Looked at before anything is locked: most answers are no news.
  const before = await platforms.of(environment);
  if (recordAnswer(before, { verdict, about }, rules.probe, now) === null) return;
  await platforms.update(
    environment,
    (platform) => {
      const heard = recordAnswer(platform, { verdict, about }, rules.probe, now);
      for (const { kind, facts } of heard?.alarms ?? [])
        ports.logger.warn({ ...facts }, OUTAGE[kind] ?? kind);
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
export async function isClosed(ports: RecordedAnswer, environment: Environment): Promise<boolean> {
  const now = nowOf(ports);
  return closedBy(await ports.platforms.maintenances(now), environment, now) !== null;
}
