// The outcome of a submitted password as people at the terminal read it, and the exit code that goes with it.
import { accountWords } from '../../content/letters/commands.ts';
import { isEverywhere, type SinkStatus } from '../../content/terminal/account-facts.ts';
import {
  evidenceLine,
  nextCheckWords,
  parisTime,
  printable,
  tableWithin,
} from '../../content/terminal/formats.ts';
import type { BlockReason } from '../../domain/rotation/may-ask.ts';
import { causeLine } from '../../domain/verification/verdict.ts';
import { EXIT } from '../../system/terminal.ts';
import type { CommandResult } from '../command-context.ts';
import { type Outcome, type OutcomeKind, outcomeForPrograms } from './outcome.ts';

/** An outcome as it is printed; `goesOn`: a daemon takes care of what is left. Exit 0 only where every sink holds it. */
export function describeOutcome(outcome: Outcome, { goesOn }: { readonly goesOn: boolean }): CommandResult {
  const done = outcome.outcome === 'accepted' && isEverywhere(outcome.sinks);
  const seen =
    outcome.evidence === null || outcome.outcome === 'accepted'
      ? ''
      : `\nSeen: ${printable(evidenceLine(outcome.evidence))}`;
  return {
    json: outcomeForPrograms(outcome),
    text: `${WORDS[outcome.outcome](outcome, goesOn)}${seen}`,
    exit: done ? EXIT.ok : EXIT.failed,
    summary: SUMMARIES[outcome.outcome],
  };
}

type Words = (outcome: Outcome, goesOn: boolean) => string;

const WORDS: Readonly<Record<OutcomeKind, Words>> = {
  none: (one) =>
    `No password of ${one.login} was ever handed in. releve submit ${accountWords(one)} hands one in.`,
  announced: (one) =>
    `${one.by} announced a reset; connectors hold their calls until ${parisTime(one.announcedUntil)}. The password has not come in: ` +
    `releve submit ${accountWords(one)} hands it in, releve withdraw ${accountWords(one)} takes the announcement back.`,
  unclear: (one) =>
    `What ${one.by} handed in on ${parisTime(one.receivedAt)} is not clear, and waits for a choice on the page of the link. ` +
    `releve submit ${accountWords(one)} hands in another one, releve withdraw ${accountWords(one)} takes it back.`,
  asking: (one) =>
    `Another Relève is asking Chorus Pro about it this moment; releve verify ${accountWords(one)} tells what came of it.`,
  waiting: (one, goesOn) => {
    const why =
      one.waits === 'budget'
        ? `: ${one.login} has had as many refusals lately as it may, and more could lock it`
        : '';
    return `Not asked now${why}. The password is kept sealed. ${nextTry(one, goesOn)}`;
  },
  undetermined: (one, goesOn) =>
    `No answer: ${one.cause === null ? 'unknown' : causeLine(one.cause)}. The password is kept sealed, and the one in ` +
    `service stays. ${nextTry(one, goesOn)}`,
  refused: refusedWords,
  'refused-for-good': (one) =>
    `Chorus Pro refused it to the end. It was destroyed and is never sent again; the one in service stays. Reset the ` +
    `password on the portal once more, press « Soumettre », and hand in the new one: releve submit ${accountWords(one)}.`,
  superseded: ({ login }) =>
    `A newer password has come in since, and is proven first; releve show ${login} tells by whom.`,
  withdrawn: ({ login }) => `It was taken back, and destroyed; releve show ${login} tells when.`,
  replaced: ({ login }) => `It was in service; a newer one is now. releve show ${login} tells more.`,
  stopped: (one) =>
    `Version ${one.version} of ${one.login} is in service, but Chorus Pro refuses it. releve show ${one.login} ` +
    `tells since when, releve probe ${accountWords(one)} asks again. Hand in the new password with ` +
    `releve submit ${accountWords(one)}.`,
  accepted: acceptedWords,
};

function refusedWords(one: Outcome, goesOn: boolean): string {
  const { refusals, formerWorks, login } = one;
  if (one.bothRefused) return bothRefusedWords(one, goesOn);
  const first = `Refused: ${causeLine('password-refused')} (refusal ${refusals}). The one in service stays.`;
  if (formerWorks === true) {
    return (
      `${first}\nThe former password works still: the reset was never submitted. Press « Soumettre » on the portal, then ` +
      `hand in the same password again (releve submit ${accountWords(one)}): it is asked about at once.`
    );
  }
  return (
    `${first}\nLook whether the request was submitted on the portal (« Soumettre »), whether the password is that of ` +
    `${login}, and whether it was copied whole. One refusal proves nothing: it is kept sealed. ${nextTry(one, goesOn)}`
  );
}

function bothRefusedWords(one: Outcome, goesOn: boolean): string {
  const { refusals, heldBefore } = one;
  const account = accountWords(one);
  const lock =
    'the account is locked for an hour, because the connector still calls with the former password: stop the connector, then ' +
    `say so with releve hold ${account} --stopped`;
  const copy = `the reset is done and this is not the password that it showed: hand in the right one with releve submit ${account}`;
  const [likelier, other] = heldBefore ? [copy, lock] : [lock, copy];
  const why = heldBefore
    ? 'Its connector held its calls before the reset, so a bad copy is likelier'
    : 'No hold was confirmed before the reset, so a lock is likelier';
  const not =
    one.notAsked === null ? '' : `Not asked now: ${NOT_ASKED[one.notAsked] ?? 'it may not be asked yet'}. `;
  return (
    `${not}Chorus Pro refuses this password (refusal ${refusals}) and the one in service too. One of two. ${why}.\n` +
    `  - Either ${likelier}.\n  - Or ${other}.\n` +
    `Where nothing can stop the connector: releve verify ${account} --accept-unverified puts the new one into service ` +
    `unproven, and keeps all others. Everything is kept sealed. ${nextTry(one, goesOn)}`
  );
}

/** Why a wish was not followed at once. */
const NOT_ASKED: Partial<Record<BlockReason, string>> = {
  'maybe-locked': 'a lock would last an hour after our last refused call',
  budget: 'it has had as many refusals lately as it may',
};

function nextTry(one: Outcome, goesOn: boolean): string {
  const { nextTryAt, waits } = one;
  const words = nextCheckWords({ at: nextTryAt, waits });
  if (goesOn) return `The daemon asks again${words === '' ? '' : ` ${words}`}, and goes on by itself.`;
  const from = nextTryAt === null ? '' : `, not before ${parisTime(nextTryAt)},`;
  return `No daemon runs here: start releve run, or ask again${from} with releve verify ${accountWords(one)}.`;
}

function acceptedWords(one: Outcome, goesOn: boolean): string {
  const by = {
    'chorus-pro': 'Accepted by Chorus Pro',
    connector: 'Vouched for by the connector',
    unverified: 'Taken without a proof',
  };
  const head = `${by[one.proven ?? 'unverified']}: version ${one.version} of ${one.login} is in service since ${parisTime(one.acceptedAt)}.`;
  if (one.sinks.length === 0) return `${head}\nNo sink is set up for it: the password stays here.`;
  const isAsked = one.sinks.some(({ state }) => state === 'waits for a person to type it in');
  const isLeft = one.sinks.some(({ state }) => state === 'left as it is');
  const end = isEverywhere(one.sinks)
    ? one.sinks.every(({ state }) => state === 'holds it')
      ? 'Every sink holds it.'
      : 'Every sink was given it; what was handed over without a check was not read back.'
    : isAsked
      ? 'Not every sink holds it yet: a person is to type it in, as releve task list tells within a minute.'
      : isLeft
        ? `Not every sink holds it: releve publish ${accountWords(one)} writes what was left as it is.`
        : `Not every sink holds it yet. ${goesOn ? 'The daemon goes on by itself.' : `No daemon runs here: start releve run, or repeat releve publish ${accountWords(one)}.`}`;
  return `${head}\n${end}\n\n${sinksTable(one.sinks)}`;
}

function sinksTable(sinks: readonly SinkStatus[]): string {
  return tableWithin(
    ['sink', 'state'],
    sinks.map((one) => [one.sink, stateWords(one)]),
    { below: sinks.map(sinkNote) },
  );
}

/** What stands below a sink: its fault, and when it is tried again; empty for nothing. */
export function sinkNote({ fault, nextTryAt }: SinkStatus): string {
  return [fault, nextTryAt === null ? null : `next try ${parisTime(nextTryAt)}`]
    .filter((part) => part !== null)
    .join('; ');
}

export function stateWords({ state, wrote }: SinkStatus): string {
  if (state !== 'holds it') return state;
  return wrote ? 'written and read back' : 'holds it';
}

const SUMMARIES: Readonly<Record<OutcomeKind, string>> = {
  none: 'there is nothing to prove',
  announced: 'a reset is announced, and no password has come in',
  unclear: 'a choice is waited for',
  asking: 'not proven yet',
  waiting: 'not proven yet: too many refusals lately',
  undetermined: 'not proven yet: there was no answer',
  refused: 'Chorus Pro refuses the password',
  'refused-for-good': 'Chorus Pro refuses the password',
  superseded: 'a newer password has come in',
  withdrawn: 'the password was taken back',
  replaced: 'another password is in service',
  stopped: 'Chorus Pro refuses the password in service',
  accepted: 'the password is in service, but not in every sink',
};
