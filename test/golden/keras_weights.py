# Networks of Keras with their weights as people save them and what they give: packages/core/src/weights/keras.golden.json.
# Needs keras 3 and jax: KERAS_BACKEND=jax python test/golden/keras_weights.py > packages/core/src/weights/keras.golden.json
import base64, io, json, os
os.environ.setdefault('KERAS_BACKEND', 'jax')
import keras, numpy as np
from keras import layers as L

def saved(model, key, save):
    b = io.BytesIO()
    save(b, **{key(w): np.asarray(w.numpy()) for w in model.weights})
    return base64.b64encode(b.getvalue()).decode()

# Keras 2 names a weight by its layer alone, and its output.
def keras2(w):
    return '/'.join(w.path.split('/')[-2:] if 'cell' not in w.path else w.path.split('/')) + ':0'

def floats(array):
    return np.asarray(array, 'float64').round(7).ravel().tolist()

def entry(model, x):
    for w in model.weights:
        value = random.normal(0, 0.5, w.shape)
        w.assign(np.abs(value) + 0.5 if w.name == 'moving_variance' else value)
    return {'paths': [w.path for w in model.weights], 'npz': saved(model, lambda w: w.path, np.savez),
            'npz2': saved(model, keras2, np.savez_compressed),
            'input': floats(x), 'shape': list(x.shape), 'output': floats(model.predict(x, verbose=0))}

random = np.random.default_rng(3)
picture = keras.Sequential([
    L.Input((7, 6, 2)), L.Conv2D(4, 3, padding='same', strides=2, activation='relu', name='conv'),
    L.BatchNormalization(name='bn'), L.DepthwiseConv2D(2, depth_multiplier=2, name='depthwise'),
    L.SeparableConv2D(3, 2, padding='same', name='separable'), L.Conv2DTranspose(5, 2, strides=2, name='up'),
    L.LayerNormalization(name='ln'), L.PReLU(name='prelu'), L.Dropout(0.2), L.Flatten(), L.Dense(3, name='fc')])
i = L.Input((5,), dtype='int32')
x = L.Embedding(7, 3, name='words')(i)
x = L.Bidirectional(L.LSTM(2, return_sequences=True, name='lstm'), name='both')(x)
x = L.GRU(3, reset_after=False, return_sequences=True, name='gru')(x)
x = L.TimeDistributed(L.Dense(2, activation='tanh', name='inner'), name='each')(x)
text = keras.Model(i, L.Dense(3, name='fc')(L.SimpleRNN(3, name='simple')(x)))
inner = keras.Sequential([L.Input((4,)), L.Dense(3, activation='relu', name='a'), L.Dense(3, activation='relu', name='b')], name='encoder')
nested = keras.Sequential([L.Input((4,)), inner, L.Dense(3, name='b')], name='head')
print(json.dumps({'keras': keras.__version__, 'numpy': np.__version__,
    'picture': entry(picture, random.normal(size=(4, 7, 6, 2)).astype('float32').round(3)),
    'text': entry(text, random.integers(0, 7, (4, 5))),
    'nested': entry(nested, random.normal(size=(4, 4)).astype('float32').round(3))}))
