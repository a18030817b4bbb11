import type { IncomingMessage } from 'node:http';
import type { Answer } from './answer.js';
import { Refusal } from './refusal.js';

/** Answers one kind of request, with the numbers of its address. */
type Handler = (numbers: readonly number[], request: IncomingMessage) => Promise<Answer>;

/** Handlers by method and address, such as `GET /api/runs/#/columns/#`: every `#` is a whole number. */
export type Routes = Readonly<Record<string, Handler>>;

interface Route {
  readonly method: string;
  readonly address: RegExp;
  readonly handler: Handler;
}

/** Finds the handler of a request. Nothing of an address but whole numbers reaches it: no name, and no path. */
export function makeRouter(routes: Routes): (request: IncomingMessage) => Promise<Answer> {
  const all = Object.entries(routes).map(([line, handler]): Route => {
    const [method = '', address = ''] = line.split(' ');
    return { method, address: new RegExp(`^${address.replaceAll('#', '(\\d{1,9})')}$`), handler };
  });
  return async (request) => {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const [path = ''] = (request.url ?? '').split('?');
    const here = all.filter(({ address }) => address.test(path));
    if (here.length === 0) throw new Refusal(404, 'There is nothing at this address.');
    const route = here.find((each) => each.method === method);
    if (route === undefined) {
      const allow = here.map((each) => each.method).join(', ');
      throw new Refusal(405, `This address takes ${allow}.`, { allow });
    }
    const [, ...numbers] = route.address.exec(path) as RegExpExecArray;
    return route.handler(numbers.map(Number), request);
  };
}
