// A worker of `vogjs worker`: scores one shard after the other, until the process that started it ends it.
import { Parent } from '../workers/parent.js';
import { Scorer } from '../workers/scorer.js';

const parent = new Parent();
const scorer = new Scorer((message) => void parent.tell(message));
for (;;) {
  const job = await parent.next();
  await parent.tell(await scorer.score(job));
}
