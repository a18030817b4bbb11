// UMAP takes seconds: it works beside the page, which is told how far it is.
import { layOut } from './lay-out.js';

const page = globalThis as unknown as Worker;

page.addEventListener('message', ({ data }: MessageEvent<{ values: Float32Array; size: number }>) => {
  const places = layOut(data.values, data.size, (done) => page.postMessage(done, []));
  page.postMessage(places, [places.buffer]);
});
