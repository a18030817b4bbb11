import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readNpy } from '../index.js';
import { sharedData, testOnSharedData } from '../shared-data.test.helper.js';

testOnSharedData(
  test,
  "readNpy reads the VoG authors' gradients and scores, and the first give the second",
  async () => {
    const gradients = readNpy(
      gunzipSync(await readFile(sharedData('golden/vog/imagenet_late_grads_3x10x224x224.f32.npy.gz'))),
    );
    const scores = readNpy(await readFile(sharedData('golden/vog/imagenet_train_vog_late.npy')));
    assert.equal([gradients.shape, gradients.dtype], [[3, 10, 224, 224], 'float32']);
    assert.equal(scores.shape, [100]);

    // VoG in float64: the population standard deviation over checkpoints, its mean over pixels.
    const data = gradients.data as Float32Array;
    const pixels = 224 * 224;
    for (let image = 0; image < 10; image++) {
      let sum = 0;
      for (let pixel = 0; pixel < pixels; pixel++) {
        const [a, b, c] = [0, 1, 2].map((checkpoint) => data[(checkpoint * 10 + image) * pixels + pixel]!) as [
          number,
          number,
          number,
        ];
        const mean = (a + b + c) / 3;
        sum += Math.sqrt(((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2) / 3);
      }
      const expected = Number(scores.data[image]);
      assert.ok(
        Math.abs(sum / pixels - expected) < 1e-6 * expected,
        `image ${image}: ${sum / pixels}, not ${expected}`,
      );
    }
  },
);

test.run();
