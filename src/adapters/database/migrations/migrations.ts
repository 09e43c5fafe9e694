// The steps that bring a database to the version this program knows; each is run once, in its own transaction.
import type { Kysely } from 'kysely';
import type { Engine, Schema } from '../schema/schema.ts';
import { registryAndLetters } from './001-registry.ts';
import { rotations } from './002-rotations.ts';
import { health } from './003-health.ts';
import { neverLost } from './004-never-lost.ts';
import { tasks } from './005-tasks.ts';
import { answers } from './006-answers.ts';
import { firstLinks } from './007-first-links.ts';
import { importedLines } from './008-imported-lines.ts';
import { auditSeals } from './009-audit-seals.ts';
import { readBack } from './010-read-back.ts';
import { tokenPurposes } from './011-token-purposes.ts';
import { webhook } from './012-webhook.ts';
import { pauses } from './013-pauses.ts';
import { byHand } from './014-by-hand.ts';
import { beforeHolds } from './015-before-holds.ts';
import { adoptions } from './016-adoptions.ts';

type Step = (db: Kysely<Schema>, engine: Engine) => Promise<void>;

/** All steps, in order. The version of a database is the number of steps that it has run. Never change one; add one. */
export const MIGRATIONS: readonly Step[] = [
  registryAndLetters,
  rotations,
  health,
  neverLost,
  tasks,
  answers,
  firstLinks,
  importedLines,
  auditSeals,
  readBack,
  tokenPurposes,
  webhook,
  pauses,
  byHand,
  beforeHolds,
  adoptions,
];
