import type { ReportImages } from '@vogjs/report';
import { type Run, thumbAt } from '@vogjs/run';
import { decode } from 'fast-png';

/** Pictures of a run as bytes, out of its atlas sheets; null for a run without. */
export async function picturesOf(run: Run): Promise<ReportImages | null> {
  if (!(await run.has('thumbs/index.json'))) return null;
  const index = await run.thumbs();
  const { width, height, count } = index;
  let data = new Uint8Array();
  let channels = 1;
  let held = '';
  let sheet = { data: new Uint8Array(), width: 0 };
  for (let example = 0; example < count; example++) {
    const { sheet: name, left, top } = thumbAt(index, example);
    if (name !== held) {
      const decoded = decode(await run.storage.read(name));
      channels = decoded.channels;
      sheet = { data: decoded.data as Uint8Array<ArrayBuffer>, width: decoded.width };
      held = name;
      if (data.length === 0) data = new Uint8Array(count * height * width * channels);
    }
    for (let y = 0; y < height; y++) {
      const from = ((top + y) * sheet.width + left) * channels;
      data.set(sheet.data.subarray(from, from + width * channels), (example * height + y) * width * channels);
    }
  }
  return { data, shape: [count, height, width, channels] };
}
