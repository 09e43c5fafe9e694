// A PISTE and Chorus Pro that believe everybody at once, in a process of their own; writes the port to standard output.
import { createServer } from 'node:http';

const TOKEN = JSON.stringify({
  access_token: 'a'.repeat(54),
  token_type: 'Bearer',
  expires_in: 3600,
  scope: 'openid',
});
const SERVED = { idStructureCPP: 1, identifiant: '25900096600020', designationStructure: 'Commune' };
const STRUCTURES = JSON.stringify({ codeRetour: 0, libelle: 'GCU_MSG_01_000', listeStructures: [SERVED] });
const YES = JSON.stringify({ codeRetour: 0, libelle: 'TRA_MSG_00.000', listeTauxTva: [] });

let tokens = 0;

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const { url = '' } = request;
    // How many tokens were asked for.
    if (url === '/tokens') return response.end(String(tokens));
    if (url.includes('token')) tokens += 1;
    const body = url.includes('token') ? TOKEN : url.includes('structures') ? STRUCTURES : YES;
    return response.writeHead(200, { 'content-type': 'application/json;charset=utf-8' }).end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
