// A worker of `vogjs score --workers`: scores one shard, and tells the process that started it how far it is.
import process from 'node:process';
import { Parent } from './parent.js';
import { Scorer } from './scorer.js';

const parent = new Parent();
const scorer = new Scorer((message) => void parent.tell(message));
await parent.tell(await scorer.score(await parent.next()));
parent.close();
// A backend's threads and handles would keep the process.
process.exit(0);
