// Plans one correction: finds its subject, checks that the options fit, and changes a draft of the registry.
import { ENVIRONMENTS, type Environment } from '../account/technical-user.ts';
import type { Contact } from '../parsing/address.ts';
import { type CorrectedSubject, confirmations } from './confirmation.ts';
import { CorrectionFault, type PauseBounds, pausedBy } from './correction-pause.ts';
import type { ImportMemory } from './import-memory.ts';
import { withDates } from './password-dates.ts';
import { userKey } from './registration.ts';
import type {
  Correction,
  CorrectionOption,
  CorrectionResult,
  EditScope,
  Edits,
  KnownPerson,
  KnownRegistry,
  KnownUser,
} from './registry.ts';
import { changesOf, differences, RegistryDraft } from './registry-draft.ts';

/** What may be said of a technical user by whatever names it, a SIRET and an address too. */
const OF_NAMED: readonly CorrectionOption[] = ['expires', 'changed', 'validity', 'latest', 'pauseUntil'];
const OF_MANAGERS = ['manager', 'deputies', 'addDeputy', 'removeDeputy'] as const;
const FITTING: Readonly<Record<CorrectedSubject['kind'], readonly CorrectionOption[]>> = {
  login: [...OF_NAMED, 'addStructure', 'removeStructure', 'retire', 'reinstate', ...OF_MANAGERS],
  SIRET: ['name', ...OF_MANAGERS, 'phone'],
  address: ['name', 'email', 'phone', 'language', 'addressWorks'],
};

/** An option as it is typed on the command line. */
function typed(option: CorrectionOption): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The part of the registry that a correction refers to. */
export function mentionedByCorrection(subject: string, correction: Correction): EditScope {
  const { manager, deputies = [], addDeputy = [], removeDeputy = [], email, addStructure } = correction;
  const contacts = [...(manager ? [manager] : []), ...deputies, ...addDeputy, ...removeDeputy];
  const addresses = [subject, email ?? null, ...contacts.map((contact) => contact.email)];
  return {
    sirets: [subject, ...(addStructure === undefined ? [] : [addStructure])],
    addresses: addresses.filter((address) => address !== null).map((address) => address.toLowerCase()),
    logins: [subject.toLowerCase()],
  };
}

/** What is meant, a login, a SIRET or an address, and what is corrected of it. */
interface RequestedCorrection {
  readonly subject: string;
  readonly environment: Environment | null;
  readonly correction: Correction;
}

/** Plans a correction. */
export function planCorrection(
  { subject, environment, correction }: RequestedCorrection,
  { known, memory }: { readonly known: KnownRegistry; readonly memory: ImportMemory },
  bounds: PauseBounds,
): { readonly edits: Edits | null; readonly answer: CorrectionResult } {
  try {
    const changes = new RegistryDraft(known);
    const target = targetOf(subject, environment, changes);
    if (target === null || (target.kind !== 'login' && isOfNamed(correction)))
      return { edits: null, answer: { kind: 'unknown' } };
    checkFit(target, correction);
    const warnings: string[] = [];
    if (target.kind === 'login') correctUser(target.user, correction, { changes, warnings, bounds });
    else if (target.kind === 'SIRET') correctStructure(target.structure.siret, correction, changes, warnings);
    else correctPerson(target.person, correction, changes);
    const edits = differences(known, changes);
    const confirmed = confirmations(target, correction, changes, { memory, changes: edits.changes });
    return {
      edits: { ...edits, changes: [...edits.changes, ...confirmed] },
      answer: { kind: 'corrected', changes: changesOf(edits, changes), warnings, kept: true },
    };
  } catch (error) {
    if (!(error instanceof CorrectionFault)) throw error;
    return { edits: null, answer: { kind: 'wrong', message: error.message } };
  }
}

function targetOf(
  subject: string,
  environment: Environment | null,
  changes: RegistryDraft,
): CorrectedSubject | null {
  const structure = changes.structures.get(subject);
  if (/^\d{14}$/.test(subject)) return structure ? { kind: 'SIRET', structure } : null;
  const users = (environment === null ? ENVIRONMENTS : [environment])
    .map((one) => changes.users.get(userKey(subject, one)))
    .filter((user) => user !== undefined);
  if (users.length > 1) {
    throw new CorrectionFault(`${subject} is known in production and in qualification; add --environment`);
  }
  const [user] = users;
  if (user !== undefined) return { kind: 'login', user };
  const person = changes.at(subject);
  return person === null ? null : { kind: 'address', person };
}

const givenIn = (correction: Correction) =>
  (Object.keys(correction) as CorrectionOption[]).filter((key) => correction[key] !== undefined);

function isOfNamed(correction: Correction): boolean {
  const given = givenIn(correction);
  return given.length > 0 && given.every((option) => OF_NAMED.includes(option));
}

function checkFit(target: CorrectedSubject, correction: Correction): void {
  const given = givenIn(correction);
  const fitting = FITTING[target.kind];
  const named = target.kind === 'login' && correction.addStructure !== undefined ? 'name' : null;
  const wrong = given.filter((option) => !fitting.includes(option) && option !== named);
  if (wrong.length > 0) {
    const verb = wrong.length === 1 ? 'does' : 'do';
    // A login has a manager and a structure: nobody can tell whose number is meant.
    const phone = wrong.includes('phone')
      ? '; give the SIRET of the structure or the address of the person'
      : '';
    throw new CorrectionFault(
      `${wrong.map(typed).join(', ')} ${verb} not fit ${target.kind === 'address' ? 'an address' : `a ${target.kind}`}; these do: ${fitting.map(typed).join(', ')}${phone}`,
    );
  }
  if (given.length === 0) throw new CorrectionFault(`say what to correct: ${fitting.map(typed).join(', ')}`);
  if (correction.retire && correction.reinstate)
    throw new CorrectionFault('give --retire or --reinstate, not both');
}

const given = (before: string | null, option: string | undefined) =>
  option === undefined ? before : option === 'none' ? null : option;

interface CorrectionParts {
  readonly changes: RegistryDraft;
  readonly warnings: string[];
  readonly bounds: PauseBounds;
}

function correctUser(
  user: KnownUser,
  correction: Correction,
  { changes, warnings, bounds }: CorrectionParts,
): void {
  const { expires, changed } = correction;
  const start = {
    version: user.version,
    changedOn: changed === 'none' ? null : user.changedOn,
    portalOn: expires === 'none' ? null : user.portalOn,
  };
  const dated = withDates(start, { changedOn: given(null, changed), portalOn: given(null, expires) });
  if (!dated.ok) throw new CorrectionFault(dated.fault);
  const { version, changedOn, portalOn } = dated;
  if (changed !== undefined && changed !== 'none' && expires === undefined && portalOn !== null) {
    warnings.push(
      `the expiry ${portalOn} read on the portal stays in force; if it was read before this change, add --expires none, or the new date`,
    );
  }
  const validity = given(user.validity, correction.validity);
  const latest = given(user.latest, correction.latest);
  if (validity !== null && latest !== null && isLonger(validity, latest)) {
    throw new CorrectionFault(
      `the validity to work towards (${validity}) is longer than the latest one (${latest})`,
    );
  }
  const retired = correction.retire ?? (correction.reinstate ? false : user.retired);
  const further = furtherOf(user, correction, changes);
  const corrected = { ...user, version, changedOn, portalOn, validity, latest, retired, further };
  changes.putUser({ ...corrected, paused: pausedBy(corrected, correction, changes, bounds) });
  const { name: _, ...ofStructure } = correction;
  correctStructure(user.home, ofStructure, changes, warnings);
}

/** Compares durations from a day after which no leap day comes soon. */
function isLonger(a: string, b: string): boolean {
  return Temporal.Duration.compare(a, b, { relativeTo: Temporal.PlainDate.from('2026-01-01') }) > 0;
}

function furtherOf(user: KnownUser, correction: Correction, changes: RegistryDraft): readonly string[] {
  const { addStructure, removeStructure, name } = correction;
  if (removeStructure !== undefined && !user.further.includes(removeStructure)) {
    const home = removeStructure === user.home ? 'the home structure, which stays' : 'none of them';
    const held = user.further.join(', ') || 'none';
    throw new CorrectionFault(`${removeStructure} is ${home}; further structures of ${user.login}: ${held}`);
  }
  const kept = user.further.filter((siret) => siret !== removeStructure);
  if (addStructure === undefined || addStructure === user.home) return kept;
  if (!changes.structures.has(addStructure) && name === undefined) {
    throw new CorrectionFault(`the structure ${addStructure} is not known yet; add --name "…"`);
  }
  changes.structure(addStructure, name ?? null);
  return [...new Set([...kept, addStructure])];
}

function correctStructure(
  siret: string,
  correction: Correction,
  changes: RegistryDraft,
  warnings: string[],
): void {
  const { name, phone, manager, deputies, addDeputy = [], removeDeputy = [] } = correction;
  const before = changes.structure(siret, name ?? null, phone === 'none' ? null : phone);
  if (manager !== undefined) {
    const current = before.principal === null ? null : (changes.people.get(before.principal) ?? null);
    const person = changes.person(manager, null, current);
    changes.appoint(siret, person.id);
    if (person.email === null) warnings.push(`${person.name} cannot be written to: no address is known`);
    if (person.dead) {
      warnings.push(`the mail server refuses ${person.email} for good; if it works again: --address-works`);
    }
  }
  const removed = removeDeputy.map((contact) => {
    const person = changes.at(contact.email ?? '');
    if (person === null || !before.deputies.includes(person.id)) {
      throw new CorrectionFault(`${contact.email} is no deputy of ${siret}`);
    }
    return person.id;
  });
  const id = (contact: Contact) => changes.person(contact, null, null).id;
  const start = deputies === undefined ? before.deputies : deputies.map(id);
  const wanted = [...start, ...addDeputy.map(id)].filter((one) => !removed.includes(one));
  const { principal } = changes.structure(siret, null);
  const named = [...(deputies ?? []), ...addDeputy];
  if (principal !== null && named.some((contact) => id(contact) === principal)) {
    warnings.push('the principal manager cannot be a deputy too; left out there');
  }
  changes.setDeputies(siret, wanted);
}

function correctPerson(person: KnownPerson, correction: Correction, changes: RegistryDraft): void {
  const { name, email, phone, language, addressWorks } = correction;
  const other = email === undefined ? null : changes.at(email);
  if (other !== null && other.id !== person.id) {
    throw new CorrectionFault(
      `${email} is already the address of ${other.name}; to hand a structure over: releve set SIRET --manager "${email}"`,
    );
  }
  const isOther = email !== undefined && email !== person.email;
  changes.put({
    ...person,
    name: name ?? person.name,
    email: email ?? person.email,
    language: language ?? person.language,
    phone: given(person.phone, phone),
    dead: person.dead && !isOther && !addressWorks,
  });
}
