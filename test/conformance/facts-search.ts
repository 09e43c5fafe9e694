// Facts of the search for received invoices: finding nothing, paging, and the shapes of dates. It reads, and marks nothing as read.
import { randomBytes } from 'node:crypto';
import type { Answer } from './bare-http.ts';
import type { Caller } from './caller.ts';
import type { Fact, Seen } from './fact.ts';
import { SEARCH } from './paths.ts';
import { dateShape, fieldsOf, isFields, listOf, messageId, told } from './shape.ts';

const PAGE_SIZE = 2;
const PAGING = ['nbResultatsParPage', 'pageCourante', 'pages', 'total'] as const;
const paramRecherche = { nbResultatsParPage: PAGE_SIZE, pageResultatDemandee: 1 };

function search(caller: Caller, key: string, wish: object): Promise<Answer> {
  const body = JSON.stringify({ typeDemandePaiement: 'FACTURE', paramRecherche, ...wish });
  return caller.asAccount(key, { path: SEARCH, body });
}
/** For a number that no supplier has given. */
const nothing = (caller: Caller) =>
  search(caller, 'search for nothing', { numeroFacture: `RIEN-${randomBytes(6).toString('hex')}` });
const firstPage = (caller: Caller) => search(caller, 'first page', {});

/** The invoices found, as fields; empty when there were none, or no right to them. */
async function found(caller: Caller) {
  return listOf(fieldsOf(await firstPage(caller))?.listeFactures).filter(isFields);
}

const EMPTY: Seen = { holds: null, seen: 'this account has no invoices to look at' };

/** The shapes of one field in all invoices found. */
async function shapesOf(caller: Caller, field: string, wanted: RegExp): Promise<Seen> {
  const values = (await found(caller)).flatMap((invoice) =>
    field in invoice ? [dateShape(invoice[field])] : [],
  );
  if (values.length === 0) return EMPTY;
  return { holds: values.every((shape) => wanted.test(shape)), seen: [...new Set(values)].join(', ') };
}

export const SEARCH_FACTS: readonly Fact[] = [
  {
    mark: 'sure',
    paragraph: '2.4',
    says: 'a search that finds nothing is HTTP 200 with codeRetour 20000',
    expected: '200 · codeRetour 20000 · TRA_MSG_00.015',
    async look(caller) {
      const answer = await nothing(caller);
      const { codeRetour, libelle } = fieldsOf(answer) ?? {};
      const holds = answer.status === 200 && codeRetour === 20000 && messageId(libelle) === 'TRA_MSG_00.015';
      return { holds, seen: told(answer) };
    },
  },
  {
    mark: 'sure',
    paragraph: '5.2',
    says: 'the fields of paging are absent or null then, and so is the list',
    expected: 'no nbResultatsParPage, pageCourante, pages, total, and no invoices',
    async look(caller) {
      const fields = fieldsOf(await nothing(caller));
      const there = PAGING.filter((name) => (fields?.[name] ?? null) !== null);
      const holds = fields !== null && there.length === 0 && listOf(fields.listeFactures).length === 0;
      return { holds, seen: fields === null ? 'no JSON' : Object.keys(fields).join(', ') };
    },
  },
  {
    mark: 'sure',
    paragraph: '5.2',
    says: 'invoices come in pages: the numbers of paging stand at the root, and pages begin at 1',
    expected: 'nbResultatsParPage, pageCourante 1, pages, total; no more invoices than asked for',
    async look(caller) {
      const answer = await firstPage(caller);
      const fields = fieldsOf(answer) ?? {};
      if (listOf(fields.listeFactures).length === 0 && answer.status === 200) return EMPTY;
      const isPaged = PAGING.every((name) => typeof fields[name] === 'number') && fields.pageCourante === 1;
      return { holds: isPaged && listOf(fields.listeFactures).length <= PAGE_SIZE, seen: told(answer) };
    },
  },
  {
    mark: 'sure',
    paragraph: '5.2',
    says: 'an invoice has its number as idFacture, a status, and the SIRET it is for',
    expected: 'idFacture a number; statut and codeDestinataire texts',
    async look(caller) {
      const invoices = await found(caller);
      if (invoices.length === 0) return EMPTY;
      const kinds = invoices.map(({ idFacture, statut, codeDestinataire }) =>
        [idFacture, statut, codeDestinataire].map((value) => typeof value).join(', '),
      );
      return {
        holds: kinds.every((kind) => kind === 'number, string, string'),
        seen: [...new Set(kinds)].join('; '),
      };
    },
  },
  {
    mark: 'sure',
    paragraph: '5.2',
    says: 'the day an invoice was sent is YYYY-MM-DD',
    expected: '9999-99-99',
    look: (caller) => shapesOf(caller, 'dateDepot', /^9999-99-99$/),
  },
  {
    mark: 'sure',
    paragraph: '5.2',
    says: 'the day an invoice bears is YYYY-MM-DD',
    expected: '9999-99-99',
    look: (caller) => shapesOf(caller, 'dateFacture', /^9999-99-99$/),
  },
  {
    mark: 'sure',
    paragraph: '5.2',
    says: 'the instant of its status is an ISO date with a time',
    expected: '9999-99-99T99:99:99, with fractions and a zone or without',
    look: (caller) =>
      shapesOf(caller, 'dateHeureEtatCourant', /^9999-99-99T99:99(:99)?(\.9+)?(Z|[+-]99:?99)?$/),
  },
];
