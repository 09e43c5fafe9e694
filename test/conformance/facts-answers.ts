// Facts about what Chorus Pro answers to an accepted account: health, rates of VAT, structures, and bodies that it cannot read.
import type { Answer } from './bare-http.ts';
import type { Caller } from './caller.ts';
import type { Fact, Seen } from './fact.ts';
import { ATTACHMENTS, HEALTH, RATES, RECIPIENTS } from './paths.ts';
import type { Call } from './requests.ts';
import { fieldsOf, isFields, listOf, messageId, told } from './shape.ts';

const seenOf = (answer: Answer, holds: boolean | null): Seen => ({ holds, seen: told(answer) });
const isDone = (answer: Answer) => answer.status === 200 && fieldsOf(answer)?.codeRetour === 0;

/** A page of attachments, sorted in this sense. */
const attachmentsPage = (triSens: string): Call => ({
  path: ATTACHMENTS,
  body: JSON.stringify({
    parametresRecherche: {
      ...{ nbResultatsParPage: 100, pageResultatDemandee: 1 },
      ...{ triColonne: 'IdStructure', triSens },
    },
  }),
});
const rates = (caller: Caller) => caller.asAccount('rates', { path: RATES });
const recipients = (caller: Caller) => caller.asAccount('recipients', { path: RECIPIENTS });
const attachments = (caller: Caller) => caller.asAccount('attachments', attachmentsPage('Ascendant'));

/** Whether each entry of a list, or the single object in its place, has these fields; null for an empty one. */
function allHave(value: unknown, names: readonly string[]): boolean | null {
  const entries = listOf(value);
  if (entries.length === 0) return null;
  return entries.every((entry) => isFields(entry) && names.every((name) => name in entry));
}

/** The SIRETs in a list of structures. */
const siretsOf = (value: unknown, field: string): readonly unknown[] =>
  listOf(value).map((entry) => (isFields(entry) ? entry[field] : undefined));

const HEALTH_SHAPE = '200 with body, statusCodeValue 200, statusCode "OK"';

function isHealthy(answer: Answer): boolean {
  const { body, statusCodeValue, statusCode } = fieldsOf(answer) ?? {};
  return answer.status === 200 && typeof body === 'string' && statusCodeValue === 200 && statusCode === 'OK';
}

const HEALTH_FACTS: readonly Fact[] = [
  {
    mark: 'sure',
    paragraph: '4',
    says: 'the health check answers in a shape of its own, without codeRetour',
    expected: HEALTH_SHAPE,
    async look(caller) {
      const answer = await caller.asAccount('health', { path: HEALTH, method: 'GET' });
      return seenOf(answer, isHealthy(answer));
    },
  },
  {
    mark: 'unknown',
    paragraph: '4',
    says: 'the health check needs no account',
    expected: HEALTH_SHAPE,
    async look(caller) {
      const answer = await caller.withoutAccount('health without an account', {
        path: HEALTH,
        method: 'GET',
      });
      return seenOf(answer, isHealthy(answer));
    },
  },
];

const LIST_FACTS: readonly Fact[] = [
  {
    mark: 'likely',
    paragraph: '4',
    says: 'the rates of VAT, asked with {}, come as a list of code, label and value',
    expected: '200 · codeRetour 0 · listeTauxTva of codeTauxTva, libelleTauxTva, valeurTauxTva',
    async look(caller) {
      const answer = await rates(caller);
      const list = fieldsOf(answer)?.listeTauxTva;
      const holds =
        isDone(answer) && allHave(list, ['codeTauxTva', 'libelleTauxTva', 'valeurTauxTva']) === true;
      return seenOf(answer, holds);
    },
  },
  {
    mark: 'sure',
    paragraph: '4',
    says: 'the structures with received invoices, asked with {}, are a list or a single object',
    expected: '200 · codeRetour 0 · listeStructures of idStructureCPP, identifiant, designationStructure',
    async look(caller) {
      const answer = await recipients(caller);
      const names = ['idStructureCPP', 'identifiant', 'designationStructure'];
      if (answer.status !== 200) return seenOf(answer, false);
      // An account without the right gets nothing, or a code: that is no fault of the answer.
      return seenOf(answer, isDone(answer) ? allHave(fieldsOf(answer)?.listeStructures, names) : null);
    },
  },
  {
    mark: 'sure',
    paragraph: '4',
    says: 'they name the structure that the account is known to serve',
    expected: 'the SIRET among them',
    needs: 'siret',
    async look(caller) {
      const sirets = siretsOf(fieldsOf(await recipients(caller))?.listeStructures, 'identifiant');
      const holds = sirets.map(String).includes(caller.target.account.siret ?? '');
      return { holds, seen: `${sirets.length} structure(s), ${holds ? 'with' : 'without'} it` };
    },
  },
  {
    mark: 'sure',
    paragraph: '4',
    says: 'the attachments of the account come with their paging in parametresRetour',
    expected: '200 · codeRetour 0 · listeStructureRattachement and parametresRetour with 4 numbers',
    async look(caller) {
      const answer = await attachments(caller);
      const { listeStructureRattachement: list, parametresRetour: paging } = fieldsOf(answer) ?? {};
      const names = [
        'idStructure',
        'identifiantStructure',
        'typeIdentifiantStructure',
        'designationStructure',
      ];
      const numbers = ['nbResultatsParPage', 'pageCourante', 'pages', 'total'];
      const isPaged = isFields(paging) && numbers.every((name) => typeof paging[name] === 'number');
      return seenOf(answer, isDone(answer) && isPaged && allHave(list, names) === true);
    },
  },
  {
    mark: 'unknown',
    paragraph: '4',
    says: 'attachments may be asked for with {} too',
    expected: '200 · codeRetour 0',
    async look(caller) {
      const answer = await caller.asAccount('attachments without a wish', { path: ATTACHMENTS });
      return seenOf(answer, isDone(answer));
    },
  },
  {
    mark: 'likely',
    paragraph: '4',
    says: 'each structure with received invoices is among the attachments',
    expected: 'all of them',
    async look(caller) {
      const attached = fieldsOf(await attachments(caller))?.listeStructureRattachement;
      const known = siretsOf(attached, 'identifiantStructure').map(String);
      const serving = siretsOf(fieldsOf(await recipients(caller))?.listeStructures, 'identifiant').map(
        String,
      );
      const found = serving.filter((siret) => known.includes(siret)).length;
      const holds = serving.length === 0 ? null : found === serving.length;
      return { holds, seen: `${found} of ${serving.length}, among ${known.length} attachments` };
    },
  },
];

const BODY_FACTS: readonly Fact[] = [
  {
    mark: 'likely',
    paragraph: '2.3',
    says: 'a body that is no JSON gets a 400',
    expected: '400',
    async look(caller) {
      const answer = await caller.asAccount('broken JSON', { path: RATES, body: '{"broken' });
      return seenOf(answer, answer.status === 400);
    },
  },
  {
    mark: 'unknown',
    paragraph: '2.3',
    says: 'that 400 carries codeRetour and libelle',
    expected: 'codeRetour and libelle',
    async look(caller) {
      const answer = await caller.asAccount('broken JSON', { path: RATES, body: '{"broken' });
      const { codeRetour, libelle } = fieldsOf(answer) ?? {};
      return seenOf(answer, Number.isInteger(codeRetour) && typeof libelle === 'string');
    },
  },
  {
    mark: 'likely',
    paragraph: '2.1',
    says: 'an operation without parameters wants {}: an empty body is refused',
    expected: '400',
    async look(caller) {
      const answer = await caller.asAccount('no body', { path: RATES, body: '' });
      return seenOf(answer, answer.status === 400);
    },
  },
  {
    mark: 'likely',
    paragraph: '2.3',
    says: 'a value that no enumeration has gets a 400',
    expected: '400',
    async look(caller) {
      const answer = await caller.asAccount('wrong enumeration', attachmentsPage('Sideways'));
      return seenOf(answer, answer.status === 400);
    },
  },
  {
    mark: 'sure',
    paragraph: '2.4',
    says: 'success is codeRetour 0, a number, whatever the text beside it says',
    expected: 'codeRetour 0 and a libelle',
    async look(caller) {
      const { codeRetour, libelle } = fieldsOf(await rates(caller)) ?? {};
      const holds = codeRetour === 0 && typeof libelle === 'string';
      return {
        holds,
        seen: `codeRetour ${typeof codeRetour} ${Number(codeRetour)}, ${messageId(libelle) ?? 'other text'}`,
      };
    },
  },
];

export const ANSWER_FACTS: readonly Fact[] = [...HEALTH_FACTS, ...LIST_FACTS, ...BODY_FACTS];
